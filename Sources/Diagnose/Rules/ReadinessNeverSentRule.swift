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
        let isStarting = look.activeState == "activating" && look.subState == "start" && look.mainPID > 0
        let age = look.execMainStart.map { host.now - $0 }
        if isStarting, host.mainProcessListens || age.map({ $0 > Self.patience }) ?? true {
            return .fail([waiting(look, since: age, host)])
        }
        // A young start tells nothing of itself; how the attempts before it ended does.
        let failure = try host.lastFailure
        guard let failure, failure.cause == .startTimeout || failure.cause == .protocolViolation else {
            guard isStarting else { return failure.acquits }
            let words = "the start has only been going on for \(age?.readable ?? "a moment")"
            return .pass(words, [host.unit.fact("activating/start, MainPID=\(look.mainPID)")])
        }
        let words =
            failure.cause == .startTimeout
            ? "ran, but did not send READY=1 within \(look.timeoutStart.readable)" : "ended before it sent READY=1"
        return .fail([
            Fault(
                host.target.unit.rawValue, "\(host.target.unit) \(words).", .blocks(.running),
                facts: [failure.fact, host.unit.fact("Type=\(look.type), ExecMainPID=\(look.execMainPID)")])
        ])
    }

    /// The process is there, and systemd goes on waiting for it.
    private func waiting(_ look: UnitLook, since age: Interval?, _ host: Snapshot) -> Fault {
        let unit = host.target.unit
        let serves = host.mainProcessListens
        let status = look.statusText.isEmpty ? "" : " (it says: \(look.statusText.harmless(limit: 120)))"
        let since = age.map { " for \($0.readable)" } ?? ""
        let state = host.unit.fact(
            "activating/start, Type=\(look.type), MainPID=\(look.mainPID), TimeoutStartSec="
                + look.timeoutStart.readable + (look.statusText.isEmpty ? "" : ", Status: \(look.statusText)"))
        let listening = host.port.fact("the main process listens on port \(host.target.port)")
        return Fault(
            unit.rawValue,
            serves
                ? "\(unit) serves, but systemd has been waiting\(since) for its READY=1\(status)."
                : "\(unit) has been starting\(since) without sending READY=1\(status).",
            .blocks(.running), confidence: serves ? .conclusive : .possible,
            facts: serves ? [state, listening] : [state])
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
