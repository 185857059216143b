import Evidence
import Values

/// A signal ended the service: a crash of its own, or somebody's kill.
struct KilledBySignalRule: Rule {
    let about = RuleInfo(
        "killed-by-signal", .unit,
        title: "The service was killed by a signal",
        meaning: """
            The main process did not exit but was ended by a signal that was neither the kernel's for lack of memory \
            nor systemd's for a time-out: SIGSEGV and SIGABRT are faults in the program, SIGKILL and SIGTERM come from \
            somebody. After SIGTERM, SIGHUP, SIGINT or SIGPIPE, Restart=on-failure does not start it again.
            """,
        clearedBy: "The last attempt did not end by a signal, or systemd sent it.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        if !host.isOffline, let look = try host.unit.required.last, let end = cleanKill(look) {
            return .fail([end(host)])
        }
        let failure = try host.lastFailure
        guard let failure, case .killed(let signal) = failure.cause, signal != .system else { return failure.acquits }
        return .fail([
            Fault(
                host.target.unit.rawValue, "The main process of \(host.target.unit) was killed by \(signal.name).",
                .blocks(.running), facts: [failure.fact])
        ])
    }

    /// A kill that systemd takes for a clean end, unless a stop was asked for before the process ended.
    private func cleanKill(_ look: UnitLook) -> ((Snapshot) -> Fault)? {
        let signal = Signal(number: look.execMainStatus)
        guard look.activeState == "inactive", look.result == "success", look.execMainCode == 2, signal.isCleanEnd,
            look.endedByItself == true
        else { return nil }
        return { host in
            Fault(
                host.target.unit.rawValue,
                "Somebody ended \(host.target.unit) with \(signal.name), which systemd takes for a clean end "
                    + "(Restart=\(look.restart)): nothing starts it again.", .sustains,
                facts: [
                    host.unit.fact(
                        "inactive, ExecMainCode=\(look.execMainCode), ExecMainStatus=\(look.execMainStatus), "
                            + "no stop was asked for before")
                ])
        }
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? {
        guard case .killed(let signal) = Failure.Cause(epoch), signal != .system else { return nil }
        return host.target.unit.rawValue
    }
}
