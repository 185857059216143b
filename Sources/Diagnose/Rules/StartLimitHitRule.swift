import Evidence
import Values

/// systemd gave up restarting the unit; it stays failed until someone resets or restarts it.
struct StartLimitHitRule: Rule {
    let about = RuleInfo(
        "start-limit-hit", .unit,
        title: "systemd gave up: the start limit was hit",
        meaning: """
            The unit failed so often that systemd refuses to start it any more: it stays failed, even when the cause is \
            gone, until someone starts it again. A service that exits with an error shows its own result there \
            (exit-code), so the journal's "Start request repeated too quickly" decides, not Result=start-limit-hit.
            """,
        clearedBy: "The unit is not failed, or it failed without systemd having refused a start.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        if host.isOffline { return try judgeEnd(of: host) }
        guard let look = try host.unit.required.last else { return .notApplicable }
        let state = host.unit.fact(
            "\(look.activeState)/\(look.subState), Result=\(look.result), NRestarts=\(look.nRestarts)")
        guard look.isFailed else {
            return .pass("the unit is \(look.activeState), so systemd has not given up", [state])
        }
        let limit = host.unit.fact(
            "in effect: StartLimitIntervalSec=\(look.startLimitInterval.readable), StartLimitBurst=\(look.startLimitBurst)"
        )
        func fault(_ facts: [Fact], missing: [Absence] = []) -> Verdict {
            .fail([
                Fault(
                    host.target.unit.rawValue,
                    "systemd gave up on \(host.target.unit) after \(look.startLimitBurst) starts and will not try again.",
                    .sustains, confidence: missing.isEmpty ? .conclusive : .probable, facts: facts + [limit],
                    missing: missing)
            ])
        }
        if look.result == "start-limit-hit" { return fault([state]) }
        guard let journal = host.journal.known else {
            let wouldRestart = ["always", "on-failure", "on-abnormal"].contains(look.restart)
            guard let absence = host.journal.absence, wouldRestart, look.startLimitBurst > 0,
                look.nRestarts >= look.startLimitBurst
            else { return .pass(unrefused(look), [state]) }
            return fault([state], missing: [absence])
        }
        // The refusal is logged in the moment in which the unit fails; an older one belongs to an older failure.
        guard let hit = journal.startLimitHits.last,
            look.stateChange.map({ ($0 - hit.time) <= .seconds(5) }) ?? true
        else { return .pass(unrefused(look), [state]) }
        return fault([
            state,
            Fact(
                source: "journal cursor \(hit.cursor)", path: host.journal.source?.path,
                value: "\(hit.time.rfc3339): \(hit.message)"),
        ])
    }

    /// Whether the journal of a host that does not run ends with systemd having given up.
    private func judgeEnd(of host: Snapshot) throws(Absence) -> Verdict {
        let journal = try host.journal.required
        guard let last = journal.epochs.last?.last else { return .notApplicable }
        guard let hit = journal.startLimitHits.last, hit.time >= last else {
            return .pass(
                "no start was refused after the last failure", [host.journal.fact("\(last.rfc3339): last failure")])
        }
        return .fail([
            Fault(
                host.target.unit.rawValue,
                "systemd had given up on \(host.target.unit) by \(hit.time.readable), before the journal ends.",
                .sustains,
                facts: [
                    Fact(
                        source: "journal cursor \(hit.cursor)", path: host.journal.source?.path,
                        value: "\(hit.time.rfc3339): \(hit.message)")
                ])
        ])
    }

    private func unrefused(_ look: UnitLook) -> String {
        "the unit failed, but no start was refused (Restart=\(look.restart), \(look.nRestarts) restarts)"
    }
}
