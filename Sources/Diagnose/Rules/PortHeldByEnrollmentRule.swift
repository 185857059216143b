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
        if let suspect = suspect(on: host) { return .fail([suspect.fault]) }
        return try host.accuse(.enrollment, cleared: "no enrollment listens on port \(host.target.port)") {
            process, listener in
            "\(process.label), an enrollment started \(process.started.readable) outside the unit "
                + "(\(host.place(process))), listens on \(host.endpoint(listener))."
        }
    }

    /// Where the holder is hidden, the one enrollment that can be it.
    private func suspect(on host: Snapshot) -> (process: ProcessFact, fault: Fault)? {
        guard let (process, listener, absence) = host.suspect, process.enrolls else { return nil }
        let fault = Fault(
            "pid \(process.identity.pid)",
            "\(process.label), the only enrollment that runs, is probably what listens on \(host.endpoint(listener)).",
            .blocks(.port), confidence: .probable, facts: [host.fact(listener)] + host.facts(process),
            missing: [absence])
        return (process, fault)
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? {
        if epoch.says(.portInUse, host.target.port), let suspect = suspect(on: host),
            host.wasThere(suspect.process, by: epoch)
        {
            return "port \(host.target.port)"
        }
        return host.portInUse(epoch, by: .enrollment)
    }
}
