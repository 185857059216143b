import Evidence
import Values

/// Another instance of the agent, which systemd knows nothing of, listens on the port.
struct PortHeldByStrayAgentRule: Rule {
    let about = RuleInfo(
        "port-held-by-stray-agent", .port,
        title: "A second agent process holds the port",
        meaning: """
            An agent process without --enroll, outside the unit's cgroup, listens on the unit's port, often started \
            by hand or by another unit: every start by systemd fails with EADDRINUSE until it ends.
            """,
        clearedBy: "No listener of the port is held by an agent process outside the unit.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        if let (process, listener, absence) = host.suspect, !process.enrolls {
            return .fail([
                Fault(
                    "pid \(process.identity.pid)",
                    "\(process.label), the only agent outside the unit, is probably what listens on "
                        + "\(host.endpoint(listener)).",
                    .blocks(.port), confidence: .probable, facts: [host.fact(listener)] + host.facts(process),
                    missing: [absence])
            ])
        }
        return try host.accuse(.strayAgent, cleared: "no second agent listens on port \(host.target.port)") {
            process, listener in
            "\(process.label), an agent started \(process.started.readable) outside the unit "
                + "(\(host.place(process))), listens on \(host.endpoint(listener))."
        }
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? {
        if epoch.says(.portInUse, host.target.port), let suspect = host.suspect, !suspect.process.enrolls,
            host.wasThere(suspect.process, by: epoch)
        {
            return "port \(host.target.port)"
        }
        return host.portInUse(epoch, by: .strayAgent)
    }
}
