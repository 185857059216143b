import Evidence
import Values

/// A certificate's time has not come, or the clock is behind.
struct CertNotYetValidRule: Rule {
    let about = RuleInfo(
        "cert-not-yet-valid", .certificates,
        title: "A certificate is not valid yet",
        meaning: """
            A certificate's notBefore lies in the future of this host's clock. More often the clock is behind than the \
            certificate early: look at its synchronisation first.
            """,
        clearedBy: "No certificate that is needed has a notBefore in the future.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        try host.accuse([.ca, .certificate], cleared: "every certificate is valid already") {
            file throws(Absence) in
            guard try file.isUsable else { return .skip }
            guard let early = host.offender(in: file, where: { host.now < $0.notBefore }) else {
                let start = file.certificates.first?.notBefore.readable ?? "ever"
                return .good("notBefore \(start)")
            }
            let unsure = host.clock.known?.synchronized == false
            return .bad(
                Fault(
                    file.path,
                    "The \(file.role.words) \(file.path) becomes valid in \((early.notBefore - host.now).readable), on "
                        + "\(early.notBefore.readable)\(unsure ? ", and this host's clock is not synchronised" : "").",
                    host.bearing(of: file.role), confidence: unsure ? .probable : .conclusive,
                    facts: [file.file.fact("\(early.label): notBefore \(early.notBefore.rfc3339)")] + host.clockFacts,
                    // Clients have clocks of their own: behind a wrong time here they see a valid certificate.
                    missing: unsure
                        ? [Absence("the true time", .notAvailable, why: "the clock is not synchronised")] : []))
        }
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? { epoch.accuses(.certNotYetValid) }
}
