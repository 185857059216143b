import Evidence
import Values

/// systemd itself listens on the port for a socket unit, and the service, which binds it too, fails.
struct PortHeldBySocketUnitRule: Rule {
    let about = RuleInfo(
        "port-held-by-socket-unit", .port,
        title: "A socket unit holds the port",
        meaning: """
            systemd listens on the port for a socket unit. Where the service takes the socket over this is as it \
            should be; where it binds the port itself, or the socket belongs to another service, it fails with EADDRINUSE.
            """,
        clearedBy: "systemd does not hold the port, or the service takes the socket over from it.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        let own = host.unit.known?.last?.triggeredBy.filter { $0.hasSuffix(".socket") } ?? []
        let asking = host.port.known?.socketUnits ?? []
        let sockets = asking.isEmpty ? own : asking
        let names = sockets.isEmpty ? "a socket unit of another service" : sockets.joined(separator: ", ")
        let verdict = try host.accuse(
            .socketUnit, cleared: "systemd holds no socket of port \(host.target.port)"
        ) { process, listener in
            "systemd (pid \(process.identity.pid)) listens on \(host.endpoint(listener)) for \(names.harmless()), "
                + "and the service fails to bind it."
        }
        guard case .fail(var faults) = verdict else { return verdict }
        let bindsFail = try host.presentEpoch?.says(.portInUse, host.target.port) ?? false
        guard bindsFail || (own.isEmpty && host.isFailing) else {
            return .pass("systemd holds the port for \(names), and no bind of the service failed", faults[0].facts)
        }
        for index in faults.indices {
            if !sockets.isEmpty { faults[index].subject = names.harmless(limit: 128) }
            faults[index].facts.append(host.unit.fact("TriggeredBy: \(own.isEmpty ? "none" : names.harmless())"))
        }
        return .fail(faults)
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? { host.portInUse(epoch, by: .socketUnit) }
}
