import Evidence
import Values

/// An enrollment runs outside the unit; it holds no port, and an old agent's will when it is done.
struct EnrollmentOrphanedRule: Rule {
    let about = RuleInfo(
        "enrollment-orphaned", .port,
        title: "An enrollment runs outside the unit",
        meaning: """
            An agent process with --enroll runs outside the unit's cgroup and holds no port. An agent before 1.2 serves \
            from that process once it is enrolled, and then takes the port that the unit needs.
            """,
        clearedBy: "No enrollment runs outside the unit, or it already holds the port.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        let processes = try host.processes.required
        let port = try host.port.required
        let enrollments = processes.agents.filter { process in
            process.enrolls && !host.belongsToUnit(process) && host.sharesNetwork(process)
                && !port.listeners.contains { $0.holders.contains { $0.process == process.identity } }
                && !port.bound.contains { $0.holders.contains { $0.process == process.identity } }
        }
        guard !enrollments.isEmpty else {
            return .pass(
                "no enrollment runs outside the unit and off the port",
                [host.processes.fact("\(processes.agents.count) agents among \(processes.examined) processes")])
        }
        if !port.complete,
            let hidden = try host.tenancies().first(where: { $0.kind == .hidden || $0.kind == .unknown }),
            let absence = hidden.absence
        {
            throw absence
        }
        return .fail(
            enrollments.map { process in
                Fault(
                    "pid \(process.identity.pid)",
                    "\(process.label), an enrollment started \(process.started.readable) \(host.place(process)), is "
                        + "still running and holds no port.",
                    .threatens, facts: host.facts(process))
            })
    }
}
