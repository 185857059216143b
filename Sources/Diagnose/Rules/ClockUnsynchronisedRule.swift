import Evidence
import Values

/// No time service keeps the host's clock.
struct ClockUnsynchronisedRule: Rule {
    let about = RuleInfo(
        "clock-unsynchronised", .host,
        title: "The clock is not synchronised",
        meaning: """
            The kernel says that no time service disciplines the clock (adjtimex(2)). A wrong clock makes valid \
            certificates look expired or early, and puts log lines out of order. Or the agent found that this host's \
            clock and its manager's disagree, and waits with everything that could be decided wrongly until they agree.
            """,
        clearedBy: "The kernel says that the clock is synchronised, and the agent does not wait for it.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        if let record = host.disagreement { return .fail([disputed(record, host)]) }
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

    /// The agent compared clocks with its manager; where the kernel vouches for ours, the other one may be wrong.
    private func disputed(_ record: EnrollmentState, _ host: Snapshot) -> Fault {
        let isSure = host.clock.known?.synchronized == false
        let other = isSure ? "and it is not synchronised" : "though the kernel calls it synchronised"
        return Fault(
            "clock",
            "This host's clock and that of \(record.managerName) disagree\(record.reason), \(other): the agent decides "
                + "nothing until they agree\(host.outlook(of: record)).",
            host.bearing(of: record), confidence: isSure ? .conclusive : .probable,
            facts: host.clockFacts + host.facts(record),
            missing: isSure ? [] : [Absence("the true time", .notAvailable, why: "either clock may be the wrong one")])
    }
}

extension Snapshot {
    /// The record of an agent that waits because its clock and the manager's differ.
    fileprivate var disagreement: EnrollmentState? {
        guard let record = (try? openEnrollment()) ?? nil, record.phase == .clock, isAtWork(record) else { return nil }
        return record
    }
}
