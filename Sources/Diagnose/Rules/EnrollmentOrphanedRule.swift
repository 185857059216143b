import Evidence
import Values

/// An enrollment runs outside the unit; it holds no port, and an old agent's will when it is done.
struct EnrollmentOrphanedRule: Rule {
    let about = RuleInfo(
        "enrollment-orphaned", .port,
        title: "An enrollment runs outside the unit",
        meaning: """
            An agent process with --enroll runs outside the unit's cgroup and holds no port. An agent before 1.2 serves \
            from that process once it is enrolled, and then takes the port that the unit needs. A later one holds the \
            enrollment's lock meanwhile, never binds the port, and ends when it is done.
            """,
        clearedBy: "No enrollment runs outside the unit, it already holds the port, or it holds the enrollment's lock.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        let processes = try host.processes.required
        let port = try host.port.required
        let enrollments = processes.agents.filter { process in
            process.enrolls && !host.belongsToUnit(process) && host.sharesNetwork(process)
                && !port.listeners.contains { $0.holders.contains { $0.process == process.identity } }
                && !port.bound.contains { $0.holders.contains { $0.process == process.identity } }
        }
        let locked = enrollments.filter { host.holdsEnrollmentLock($0) }
        let orphans = enrollments.filter { !host.holdsEnrollmentLock($0) }
        if orphans.isEmpty, !locked.isEmpty {
            return .pass(
                "the enrollment outside the unit holds the agent's lock: it is one that ends when it is done and binds "
                    + "no port", locked.flatMap(host.facts))
        }
        guard !orphans.isEmpty else {
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
            orphans.map { process in
                Fault(
                    "pid \(process.identity.pid)",
                    "\(process.label), an enrollment started \(process.started.readable) \(host.place(process)), is "
                        + "still running and holds no port.",
                    .threatens, facts: host.facts(process))
            })
    }
}

extension Snapshot {
    /// Only an agent of 1.2 or later takes the lock, and that one never serves from an enrollment.
    func holdsEnrollmentLock(_ process: ProcessFact) -> Bool {
        enrollment.known?.lock.known?.contains { $0.pid == process.identity.pid } ?? false
    }
}
