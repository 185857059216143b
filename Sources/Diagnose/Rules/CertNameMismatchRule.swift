import Evidence
import Values

/// The server's certificate names another host.
struct CertNameMismatchRule: Rule {
    let about = RuleInfo(
        "cert-name-mismatch", .certificates,
        title: "The certificate does not name this host",
        meaning: """
            The manager calls a host by address for requests and by full name for job streams, and checks both \
            against the subject alternative names. A certificate without them makes the host unreachable.
            """,
        clearedBy: "The certificate names this host and one of its addresses.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        guard let tls = try host.tls(needing: .certificate), let file = tls[.certificate],
            let certificate = file.certificates.first
        else { return .notApplicable }
        guard !tls.hostNames.isEmpty else {
            throw Absence("names and addresses of this host", .notAvailable, why: "none could be worked out")
        }
        let names = certificate.names.joined(separator: ", ").harmless(limit: 160)
        let facts = [
            file.file.fact("\(certificate.label): names \(names.isEmpty ? "none" : names)"),
            host.certificates.fact("this host: \(tls.hostNames.joined(separator: ", ").harmless(limit: 200))"),
        ]
        let addresses = tls.hostNames.filter { IPAddress($0)?.isLoopback == false }
        let coversAddress = tls.coveredNames.contains { IPAddress($0) != nil }
        if !tls.coveredNames.isEmpty, coversAddress || addresses.isEmpty {
            return .pass("the certificate names this host", facts)
        }
        let nothing = tls.coveredNames.isEmpty
        return .fail([
            Fault(
                file.path,
                "The certificate \(file.path) names \(nothing ? "neither this host nor any" : "none") of its addresses"
                    + ", and the manager calls by address.",
                nothing && host.bearing(of: .certificate) == .breaks ? .breaks : .threatens, confidence: .probable,
                facts: facts,
                missing: [
                    Absence("the address by which the manager calls", .notAvailable, why: "only the manager knows it")
                ])
        ])
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? { epoch.accuses(.certNameMismatch) }
}
