import Evidence
import Values

/// Binds fail, nobody is there, and closed connections of the port linger.
struct PortBlockedByTimeWaitRule: Rule {
    let about = RuleInfo(
        "port-blocked-by-time-wait", .port,
        title: "Lingering connections block the port",
        meaning: """
            Sockets in TIME_WAIT remain of a listener that is gone, and block a bind for about a minute unless both the \
            dead listener and the new one set SO_REUSEADDR. They are the cause only where no live socket is.
            """,
        clearedBy: "A live socket holds the port, no bind fails, or no socket of the port is in TIME_WAIT.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        let port = try host.port.required
        let count = host.port.fact("\(port.timeWaitCount) sockets of port \(port.port) in TIME_WAIT")
        if let clear = try host.whyNoUnlistenedSocketBlocks() { return .pass(clear.because, clear.facts + [count]) }
        guard port.timeWaitCount > 0 else { return .pass("no socket of the port is in TIME_WAIT", [count]) }
        if port.clients.contains(where: { $0.state != "TIME_WAIT" }) || !port.bound.isEmpty {
            return .pass("a live socket occupies the port", [count])
        }
        let isSure = port.boundLookedFor && port.complete
        return .fail([
            Fault(
                "port \(port.port)",
                "\(port.timeWaitCount) closed connections of port \(port.port) linger in TIME_WAIT, and the bind fails on "
                    + "them; nobody holds the port.",
                .blocks(.port), confidence: isSure ? .conclusive : .probable,
                facts: [count, host.port.fact("no listener on port \(port.port)")]
                    + (host.journal.known?.epochs.last.map { [host.words(of: $0)] } ?? []),
                missing: isSure
                    ? []
                    : [
                        Absence(
                            "sockets bound without listening", .notPermitted,
                            why: "not every descriptor could be looked through")
                    ])
        ])
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? {
        guard epoch.says(.portInUse, host.target.port), case .fail? = try? judge(host) else { return nil }
        return "port \(host.target.port)"
    }
}
