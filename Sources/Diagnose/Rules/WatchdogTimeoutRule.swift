import Evidence
import Values

/// The service stopped sending its keep-alive, so systemd killed it.
struct WatchdogTimeoutRule: Rule {
    let about = RuleInfo(
        "watchdog-timeout", .unit,
        title: "The service missed its watchdog's deadline",
        meaning: """
            WatchdogSec= is set, and WATCHDOG=1 did not come in time (sd_notify(3)): the process was there and did not \
            work. systemd killed it, by SIGABRT first (Result=watchdog).
            """,
        clearedBy: "The last attempt did not end by the watchdog.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        let failure = try host.lastFailure
        guard let failure, failure.cause == .watchdog else { return failure.acquits }
        guard let look = try host.unit.required.last else { return .notApplicable }
        var facts = [failure.fact, host.unit.fact("WatchdogSec=\(look.watchdog.readable)")]
        if let line = host.lastLine(saying: "watchdog timeout") { facts.append(line.fact) }
        return .fail([
            Fault(
                host.target.unit.rawValue,
                "\(host.target.unit) hung: it sent no keep-alive for \(look.watchdog.readable), and systemd killed it.",
                .blocks(.running), facts: facts)
        ])
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? {
        Failure.Cause(epoch) == .watchdog ? host.target.unit.rawValue : nil
    }
}
