import Evidence
import Values

/// A process has bound the port and does not listen on it: no table of the kernel shows it.
struct PortBoundNotListeningRule: Rule {
    let about = RuleInfo(
        "port-bound-not-listening", .port,
        title: "A process has bound the port without listening",
        meaning: """
            A socket is bound to the port and not listening. It is absent from /proc/net/tcp, ss and lsof, and where it \
            was bound without SO_REUSEADDR every other bind fails with EADDRINUSE.
            """,
        clearedBy: "No socket is bound to the port without listening, or binds do not fail.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        let port = try host.port.required
        if let clear = try host.whyNoUnlistenedSocketBlocks() { return .pass(clear.because, clear.facts) }
        guard port.boundLookedFor else {
            throw Absence(
                "sockets bound without listening", .notPermitted, why: "no descriptor could be looked through")
        }
        let faults = port.bound.map { socket in
            let holder = socket.holders.first.flatMap { host.processes.known?[$0.process] }
            let subject = holder.map { "pid \($0.identity.pid)" } ?? "socket:[\(socket.inode)]"
            return Fault(
                subject,
                "\(holder?.label ?? "a process") has bound \(socket.address) port \(port.port) without listening on it.",
                .blocks(.port),
                facts: [host.port.fact("socket:[\(socket.inode)] bound to \(socket.address) port \(port.port)")]
                    + socket.holders.map { host.port.fact("pid \($0.process.pid) fd \($0.descriptor)") }
                    + (holder.map(host.facts) ?? []))
        }
        if !faults.isEmpty { return .fail(faults) }
        guard port.complete else {
            throw Absence(
                "sockets bound without listening", .notPermitted,
                why: "the descriptor tables of \(port.unreadable.count) processes could not be read")
        }
        return .pass(
            "no process has bound the port without listening",
            [host.port.fact("\(port.descriptorsScanned) descriptors of \(port.processesScanned) processes read")])
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? {
        guard epoch.says(.portInUse, host.target.port), case .fail? = try? judge(host) else { return nil }
        return "port \(host.target.port)"
    }
}
