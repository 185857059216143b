import Evidence
import Values

/// A certificate's time will be over soon.
struct CertExpiringSoonRule: Rule {
    let about = RuleInfo(
        "cert-expiring-soon", .certificates,
        title: "A certificate expires soon",
        meaning: """
            A certificate expires within enrollment.cert_renewal_threshold_days (7 where unset). Nothing renews it by \
            itself unless enrollment.manager_url is set.
            """,
        clearedBy: "Every certificate is valid for longer than the threshold.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        let days = Int64(max(0, min(host.configuration.known?.renewalThresholdDays ?? 7, 3650)))
        let limit = host.now + .seconds(days * 86400)
        return try host.accuse([.ca, .certificate], cleared: "no certificate expires within \(days) days") {
            file throws(Absence) in
            guard try file.isUsable, host.offender(in: file, where: { $0.notAfter < host.now }) == nil else {
                return .skip
            }
            guard let ending = host.offender(in: file, where: { $0.notAfter < limit }) else {
                let end = file.certificates.first?.notAfter.readable ?? "never"
                return .good("notAfter \(end)")
            }
            return .bad(
                Fault(
                    file.path,
                    "The \(file.role.words) \(file.path) expires in \((ending.notAfter - host.now).readable), on "
                        + "\(ending.notAfter.readable).",
                    .threatens,
                    facts: [
                        file.file.fact("\(ending.label): notAfter \(ending.notAfter.rfc3339)"),
                        host.configuration.fact("renewal threshold \(days) days"),
                    ] + host.clockFacts))
        }
    }
}
