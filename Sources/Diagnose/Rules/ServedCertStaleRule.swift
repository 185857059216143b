import Evidence
import Values

/// The running agent shows another certificate than the one on disk.
struct ServedCertStaleRule: Rule {
    let about = RuleInfo(
        "served-cert-stale", .certificates,
        title: "The running agent serves another certificate than the one on disk",
        meaning: """
            The file was replaced and the agent still shows the certificate that it read at its start. Harmless while \
            that one is valid, an outage when it is not; what lies on disk counts from the next start.
            """,
        clearedBy: "The certificate that a client is shown is the one on disk.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        guard host.serviceSeemsUp, let tls = try host.tls(needing: .certificate), let file = tls[.certificate],
            let onDisk = file.certificates.first
        else { return .notApplicable }
        let served = try host.served.required
        guard let shown = served.certificate else {
            throw Absence(
                "certificate shown at \(served.address)", .failed,
                why: served.failure?.harmless(limit: 128) ?? "no handshake")
        }
        let facts = [
            host.served.fact("\(served.address) shows \(shown.label), until \(shown.notAfter.readable)"),
            file.file.fact("\(file.path) holds \(onDisk.label), until \(onDisk.notAfter.readable)"),
        ]
        if shown.fingerprint == onDisk.fingerprint { return .pass("the agent serves the certificate on disk", facts) }
        let issuers = Set((tls[.ca]?.certificates ?? []).map(\.subject) + file.certificates.dropFirst().map(\.subject))
        let fault =
            shown.notAfter < host.now
            ? "which expired \(shown.notAfter.readable)"
            : !issuers.isEmpty && !issuers.contains(shown.issuer) ? "which the CA on disk did not issue" : nil
        return .fail([
            Fault(
                file.path,
                "The agent still serves \(shown.label)\(fault.map { ", \($0)," } ?? ""), not the certificate in "
                    + "\(file.path).",
                fault == nil ? .threatens : .breaks, facts: facts + host.clockFacts)
        ])
    }
}
