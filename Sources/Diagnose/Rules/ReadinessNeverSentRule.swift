import Evidence
import Values

/// The service runs, and systemd still waits for it to say so.
struct ReadinessNeverSentRule: Rule {
    let about = RuleInfo(
        "readiness-never-sent", .unit,
        title: "The service never said that it is ready",
        meaning: """
            The unit is of Type=notify: systemd waits for READY=1 (sd_notify(3)), which did not come. The unit hangs in \
            activating, or is ended by the start's time-out although its process was alive, or the process ended \
            before it said anything.
            """,
        clearedBy: "The unit is not of Type=notify, became active, or has been starting for less than a minute.")

    /// A start that takes longer than this is worth a word; the agent itself is ready in a second.
    static let patience = Interval.seconds(60)

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        guard let look = try host.unit.required.last, look.speaksNotify else { return .notApplicable }
        let unit = host.target.unit
        if look.activeState == "activating", look.subState == "start", look.mainPID > 0 {
            let age = look.execMainStart.map { host.now - $0 }
            let serves = host.mainProcessListens
            let state = host.unit.fact(
                "activating/start, Type=\(look.type), MainPID=\(look.mainPID), TimeoutStartSec="
                    + look.timeoutStart.readable + (look.statusText.isEmpty ? "" : ", Status: \(look.statusText)"))
            guard serves || age.map({ $0 > Self.patience }) ?? true else {
                return .pass("the start has only been going on for \(age?.readable ?? "a moment")", [state])
            }
            let status = look.statusText.isEmpty ? "" : " (it says: \(look.statusText.harmless(limit: 120)))"
            let since = age.map { " for \($0.readable)" } ?? ""
            let listening = host.port.fact("the main process listens on port \(host.target.port)")
            return .fail([
                Fault(
                    unit.rawValue,
                    serves
                        ? "\(unit) serves, but systemd has been waiting\(since) for its READY=1\(status)."
                        : "\(unit) has been starting\(since) without sending READY=1\(status).",
                    .blocks(.running), confidence: serves ? .conclusive : .possible,
                    facts: serves ? [state, listening] : [state])
            ])
        }
        let failure = try host.lastFailure
        guard let failure, failure.cause == .startTimeout || failure.cause == .protocolViolation else {
            return failure.acquits
        }
        let words =
            failure.cause == .startTimeout
            ? "ran, but did not send READY=1 within \(look.timeoutStart.readable)" : "ended before it sent READY=1"
        return .fail([
            Fault(
                unit.rawValue, "\(unit) \(words).", .blocks(.running),
                facts: [failure.fact, host.unit.fact("Type=\(look.type), ExecMainPID=\(look.execMainPID)")])
        ])
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? {
        guard host.unit.known?.last?.speaksNotify == true else { return nil }
        let cause = Failure.Cause(epoch)
        return cause == .startTimeout || cause == .protocolViolation ? host.target.unit.rawValue : nil
    }
}

extension UnitLook {
    /// Whether systemd waits for READY=1.
    var speaksNotify: Bool { type == "notify" || type == "notify-reload" }
}
