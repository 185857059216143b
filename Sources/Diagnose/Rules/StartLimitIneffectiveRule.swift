import Evidence
import Values

/// As configured and in effect, the start limit can never bite.
struct StartLimitIneffectiveRule: Rule {
    let about = RuleInfo(
        "start-limit-ineffective", .unit,
        title: "The start limit can never bite",
        meaning: """
            With the values in effect, StartLimitBurst restarts take longer than StartLimitIntervalSec, so that a crash \
            loop never ends by itself. The usual reason is StartLimitIntervalSec= in [Service], where systemd ignores \
            it and keeps its default of 10 s; it belongs in [Unit].
            """,
        clearedBy: "StartLimitBurst × (RestartSec + time to crash) fits into StartLimitIntervalSec.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        guard let look = try host.unit.required.last, look.loadState == "loaded",
            !["", "no"].contains(look.restart), look.restartInterval != .infinity
        else { return .notApplicable }
        let looping = host.isFailing && !look.isFailed
        let run = looping ? observedRun(host, look) : nil
        let limit = StartLimit(inEffectOf: look, run: run)
        var facts = [
            host.unit.fact(
                "in effect: StartLimitIntervalSec=\(look.startLimitInterval.readable), "
                    + "StartLimitBurst=\(look.startLimitBurst), RestartSec=\(look.restartInterval.readable), "
                    + "Restart=\(look.restart)")
        ]
        if case .trips = limit.outlook {
            if looping, run == nil, let absence = host.journal.absence { throw absence }
            return .pass("the start limit bites: \(limit.explanation)", facts)
        }
        let ignored = (host.unitFiles.known?.ignored ?? []).filter { $0.key.hasPrefix("StartLimit") }
        facts += ignored.map {
            host.unitFiles.fact("\($0.path):\($0.line): \($0.key)=\($0.value) in [\($0.section)] is ignored")
        }
        var summary = "systemd will never stop restarting \(host.target.unit): \(limit.explanation)"
        if looping, let rate = limit.restartsPerDay { summary += ", about \(rate) restarts a day" }
        if let setting = ignored.first {
            summary +=
                "; \(setting.path):\(setting.line) sets \(setting.key)=\(setting.value.harmless(limit: 40)) in "
                + "[\(setting.section)], where it is ignored"
        }
        return .fail([
            Fault(host.target.unit.rawValue, summary + ".", looping ? .worsens : .threatens, facts: facts)
        ])
    }

    /// The median of this incident, else the last attempt; nil for a service that lives too long to be in a loop.
    private func observedRun(_ host: Snapshot, _ look: UnitLook) -> Interval? {
        var run = host.journal.known?.typicalRun
        if run == nil, let start = look.execMainStart, let exit = look.execMainExit, exit >= start {
            run = exit - start
        }
        return run.flatMap { $0 > StartLimit.slowest ? nil : $0 }
    }
}
