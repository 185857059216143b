public import Evidence
import Values

/// The service ended without an error, so that nothing restarts it, and it is needed.
struct ServiceGaveUpCleanlyRule: Rule {
    let about = RuleInfo(
        "service-gave-up-cleanly", .unit,
        title: "The service ended cleanly and is down",
        meaning: """
            The unit is enabled, was started, exited with status 0 and is inactive: nothing failed, so nothing restarts \
            it and no monitoring of failed units sees it. An operator's systemctl stop looks alike; it is told apart by \
            what came first, the exit or the end of the active state.
            """,
        clearedBy: "The unit runs, failed visibly, was never started, or is not enabled.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        guard let look = try host.heldUnit.last, look.type != "oneshot", look.triggeredBy.isEmpty,
            look.loadState == "loaded"
        else { return .notApplicable }
        let signal = Signal(number: look.execMainStatus)
        let exitedCleanly = look.execMainCode == 1 && look.execMainStatus == 0
        let wasStopped = look.execMainCode == 2 && signal.isCleanEnd && look.endedByItself != true
        let state = host.unit.fact(
            "\(look.activeState)/\(look.subState), Result=\(look.result), ExecMainCode=\(look.execMainCode), "
                + "ExecMainStatus=\(look.execMainStatus), UnitFileState=\(look.unitFileState)")
        guard look.activeState == "inactive", look.result == "success", exitedCleanly || wasStopped,
            look.unitFileState.hasPrefix("enabled")
        else { return .pass("the unit is no enabled service that ended cleanly", [state]) }
        let unit = host.target.unit
        let when = look.execMainExit.map { " at \($0.readable)" } ?? ""
        if look.endedByItself == false {
            return .fail([
                Fault(
                    unit.rawValue, "\(unit) was stopped on request\(when), and nobody started it again.", .sustains,
                    confidence: .possible, facts: [state])
            ])
        }
        var missing: [Absence] = []
        if look.endedByItself == nil {
            missing = [
                Absence("order of exit and stop of \(unit)", .notAvailable, why: "a time of the unit is not set")
            ]
        }
        return .fail([
            Fault(
                unit.rawValue,
                "\(unit) exited with status 0\(when) by itself, so Restart=\(look.restart) left it down.",
                .sustains, confidence: missing.isEmpty ? .conclusive : .possible,
                facts: [state] + (host.lastLine { !$0.isEmpty }.map { [$0.fact] } ?? []), missing: missing)
        ])
    }
}

extension UnitLook {
    /// Whether the main process ended before the unit left its active state: true for an exit or a kill from outside,
    /// false for a stop (which leaves the active state first, by microseconds); nil where a time is missing.
    public var endedByItself: Bool? {
        guard let execMainExit, let activeExit else { return nil }
        return execMainExit <= activeExit
    }
}
