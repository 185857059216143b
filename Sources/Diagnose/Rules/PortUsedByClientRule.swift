import Evidence
import Values

/// A connection has the port as its own end, while nobody listens on it.
struct PortUsedByClientRule: Rule {
    let about = RuleInfo(
        "port-used-by-client", .port,
        title: "A client's connection uses the port",
        meaning: """
            Somebody's outbound connection was given the service's port as its source port: a bind fails with EADDRINUSE, \
            SO_REUSEADDR or not, until that connection ends. It happens to ports inside ip_local_port_range.
            """,
        clearedBy: "No connection has the port as its own end, a listener holds it, or binds do not fail.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        let port = try host.port.required
        if let clear = try host.whyNoUnlistenedSocketBlocks() { return .pass(clear.because, clear.facts) }
        let live = port.clients.filter { $0.state != "TIME_WAIT" }
        guard !live.isEmpty else {
            // The probe looks for connections only where nobody listens, be it out of the way.
            guard port.listeners.isEmpty else {
                throw Absence(
                    "connections from port \(port.port)", .notLookedFor, why: "another address is listened on")
            }
            return .pass(
                "no connection has the port as its own end", [host.port.fact("no connected socket of the port")])
        }
        let range = port.ephemeralRange
        let isEphemeral = range.count == 2 && range[0] <= port.port.rawValue && port.port.rawValue <= range[1]
        let bounds = host.port.fact("ip_local_port_range \(range.map(String.init).joined(separator: "–"))")
        return .fail(
            live.map { socket in
                let holder = socket.holders.first.flatMap { host.processes.known?[$0.process] }
                return Fault(
                    holder.map { "pid \($0.identity.pid)" } ?? "socket:[\(socket.inode)]",
                    "\(holder?.label ?? "a process that was not seen") has a connection from \(socket.local) to "
                        + "\(socket.remote) that occupies port \(port.port).",
                    .blocks(.port), confidence: isEphemeral ? .conclusive : .probable,
                    facts: [host.port.fact("\(socket.local) → \(socket.remote) \(socket.state)"), bounds]
                        + (holder.map(host.facts) ?? []),
                    missing: isEphemeral
                        ? []
                        : [
                            Absence(
                                "which side opened \(socket.local) → \(socket.remote)", .notAvailable,
                                why: "the port is outside ip_local_port_range: it may be left over from a dead listener"
                            )
                        ])
            })
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? {
        guard epoch.says(.portInUse, host.target.port), case .fail? = try? judge(host) else { return nil }
        return "port \(host.target.port)"
    }
}
