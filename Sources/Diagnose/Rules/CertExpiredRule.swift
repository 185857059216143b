import Evidence
import Values

/// A certificate's time is over.
struct CertExpiredRule: Rule {
    let about = RuleInfo(
        "cert-expired", .certificates,
        title: "A certificate has expired",
        meaning: "The server's certificate, one of its chain or the CA's is past its notAfter, by this host's clock.",
        clearedBy: "No certificate that is needed is past its notAfter.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        try host.accuse([.ca, .certificate], cleared: "no certificate has expired") { file throws(Absence) in
            guard try file.isUsable else { return .skip }
            guard let old = host.offender(in: file, where: { $0.notAfter < host.now }) else {
                let end = file.certificates.first?.notAfter.readable ?? "never"
                return .good("notAfter \(end)")
            }
            // Whether a trust anchor's own dates count is up to the client's library (RFC 5280 §6.1 leaves it open).
            let isUp = host.serviceSeemsUp && host.servesFileOnDisk == true
            let unsure = file.role == .ca && isUp
            // What was valid to the end is not what the host failed of.
            let outlived = host.lastSign.map { $0 <= old.notAfter } ?? false
            return .bad(
                Fault(
                    file.path,
                    "The \(file.role.words) \(file.path) expired \((host.now - old.notAfter).readable) ago, on "
                        + "\(old.notAfter.readable)\(host.beforeOrAfterItsEnd(old.notAfter)).",
                    isUp ? .breaks : outlived ? .threatens : .blocks(.certificates),
                    confidence: unsure ? .probable : .conclusive,
                    facts: [file.file.fact("\(old.label): notAfter \(old.notAfter.rfc3339)")] + host.clockFacts,
                    missing: unsure
                        ? [Absence("a client's judgement of the CA", .notLookedFor, why: "not every TLS library asks")]
                        : []))
        }
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? { epoch.accuses(.certExpired) }
}
