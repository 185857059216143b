import Evidence
import Values

/// A process of an earlier run stayed behind in the unit's cgroup and still listens on the port.
struct PortHeldByLeftoverRule: Rule {
    let about = RuleInfo(
        "port-held-by-leftover", .port,
        title: "A process left over from an earlier run holds the port",
        meaning: """
            A process inside the unit's own cgroup, which the present main process did not start, listens on the port: \
            systemd let it live when the earlier run ended (KillMode=process or none, or SendSIGKILL=no).
            """,
        clearedBy: "No listener of the port is held by a process that an earlier run left behind.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        let verdict = try host.accuse(
            .leftover, cleared: "no earlier run's process listens on port \(host.target.port)"
        ) { process, listener in
            "\(process.label), left over in \(host.target.unit) since \(process.started.readable), listens on "
                + "\(host.endpoint(listener))."
        }
        guard case .fail(var faults) = verdict, let mode = host.unit.known?.last?.killMode else { return verdict }
        for index in faults.indices { faults[index].facts.append(host.unit.fact("KillMode=\(mode)")) }
        return .fail(faults)
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? { host.portInUse(epoch, by: .leftover) }
}
