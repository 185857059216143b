import Evidence
import Values

/// An enrollment that should have ended listens on the port that the unit needs.
struct PortHeldByEnrollmentRule: Rule {
    let about = RuleInfo(
        "port-held-by-enrollment", .port,
        title: "An enrollment process holds the port",
        meaning: """
            A live agent process with --enroll, outside the unit's cgroup, listens on the unit's port: every start by \
            systemd fails with EADDRINUSE until that process ends.
            """,
        clearedBy: "No listener of the port is held by an enrollment outside the unit.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        let port = try host.port.required
        let processes = try host.processes.required
        let culprits = port.listeners.flatMap { listener in
            listener.holders.compactMap { holder in
                processes[holder.process].map { (listener, holder, $0) }
            }
        }.filter { _, _, process in process.isAgent && process.enrolls && !host.belongsToUnit(process) }
        guard !culprits.isEmpty else {
            if let hidden = port.hiddenListeners.first {
                throw Absence("holder of socket \(hidden.inode)", .notPermitted, why: "its process can't be seen")
            }
            return .pass(
                "no listener of port \(port.port) belongs to an enrollment",
                [
                    host.port.fact("\(port.listeners.count) listeners")
                ])
        }
        return .fail(
            culprits.map { listener, holder, process in
                Fault(
                    "pid \(process.identity.pid)",
                    "\(process.label), an enrollment started \(process.started.readable) outside the unit, "
                        + "listens on \(listener.address):\(port.port).",
                    .blocks(.port),
                    facts: [
                        host.port.fact("\(listener.address):\(port.port) LISTEN inode \(listener.inode)"),
                        host.processes.fact(
                            "pid \(process.identity.pid) fd \(holder.descriptor) = socket:[\(listener.inode)]"),
                    ])
            })
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? {
        epoch.saysPortInUse ? "port \(host.target.port)" : nil
    }
}
