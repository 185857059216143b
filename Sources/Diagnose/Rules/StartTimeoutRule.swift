import Evidence
import Values

/// A start took longer than systemd waits for it.
struct StartTimeoutRule: Rule {
    let about = RuleInfo(
        "start-timeout", .unit,
        title: "The start timed out",
        meaning: """
            The service did not get ready within TimeoutStartSec, so systemd ended it (Result=timeout without ever \
            having been active). With Type=notify that means that READY=1 did not come: see readiness-never-sent.
            """,
        clearedBy: "The last attempt did not end by a start time-out.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        let failure = try host.lastFailure
        guard let failure, failure.cause == .startTimeout else { return failure.acquits }
        guard let look = try host.unit.required.last else { return .notApplicable }
        let inPreparation = look.execMainPID == 0 && !look.speaksNotify
        var facts = [
            failure.fact, host.unit.fact("TimeoutStartSec=\(look.timeoutStart.readable), Type=\(look.type)"),
        ]
        if let line = host.lastLine(saying: "operation timed out") { facts.append(line.fact) }
        return .fail([
            Fault(
                host.target.unit.rawValue,
                "\(host.target.unit) did not start within \(look.timeoutStart.readable)"
                    + (inPreparation ? ": its main process was never reached." : "."),
                // The more specific readiness-never-sent is the root then.
                look.speaksNotify ? .worsens : .blocks(.running), facts: facts)
        ])
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? {
        Failure.Cause(epoch) == .startTimeout ? host.target.unit.rawValue : nil
    }
}
