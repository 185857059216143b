import Evidence
import Values

/// No time service keeps the host's clock.
struct ClockUnsynchronisedRule: Rule {
    let about = RuleInfo(
        "clock-unsynchronised", .host,
        title: "The clock is not synchronised",
        meaning: """
            The kernel says that no time service disciplines the clock (adjtimex(2)). A wrong clock makes valid \
            certificates look expired or early, and puts log lines out of order.
            """,
        clearedBy: "The kernel says that the clock is synchronised.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        let clock = try host.clock.required
        let error = clock.maximumError.map { ", maximum error \($0.readable)" } ?? ""
        guard !clock.synchronized else {
            return .pass("the clock is synchronised", [host.clock.fact("synchronised\(error)")])
        }
        var facts = [host.clock.fact("\(clock.wall.rfc3339): not synchronised\(error)")]
        if let last = clock.lastSynchronized { facts.append(host.clock.fact("last set right \(last.rfc3339)")) }
        let disputed = (host.certificates.known?.files ?? []).first { file in
            file.certificates.contains { host.now < $0.notBefore || host.now >= $0.notAfter }
        }
        let doubt = disputed.map { ", and the validity of \($0.path) depends on it" } ?? ""
        return .fail([
            Fault(
                "clock", "The host's clock is not synchronised\(doubt).", disputed == nil ? .threatens : .worsens,
                facts: facts)
        ])
    }
}
