extension Laboratory {
    /// What comes after: each time something is removed, and the doctor is asked for what remains.
    func goOn(in container: Container, _ outcome: inout Outcome) throws {
        for (number, next) in outcome.scenario.then.enumerated() {
            do {
                for step in next.steps { try step.carryOut(in: container) }
            } catch {
                throw Command.Failure(description: "then: \(error); \(container.words)")
            }
            for condition in next.holds where !until(10, { condition.isSo(in: container) }) {
                outcome.broken.append("then \(next.name): it is not so that \(condition); \(container.words)")
            }
            guard hasDoctor else { continue }
            let json = try container.doctor(["--format", "json"], as: next.observer)
            try keep(json.text, as: "\(outcome.scenario.id).then-\(number + 1).json")
            guard let report = try? DoctorReport(json.text) else {
                outcome.broken.append(
                    "then \(next.name): no report (exit \(json.status)): \(json.complaints.prefix(300))")
                continue
            }
            var after = Outcome(next)
            check(report, against: next, in: container, &after)
            outcome.add(after, told: report.brief)
        }
    }
}

extension Outcome {
    /// Takes over what an examination later in the same scenario came to.
    mutating func add(_ later: Outcome, told words: String) {
        missed += later.missed.map { "then \(later.scenario.name): \($0)" }
        untrue += later.untrue.map { "then \(later.scenario.name): \($0)" }
        broken += later.broken.map { "then \(later.scenario.name): \($0)" }
        for (id, tally) in later.tallies {
            tallies[id, default: Tally()].expected += tally.expected
            tallies[id, default: Tally()].found += tally.found
            tallies[id, default: Tally()].untrue += tally.untrue
        }
        if !later.isGood { told += "; then \(words)" }
    }
}

extension Scenario {
    /// What follows when something was removed.
    static func after(
        _ name: String, _ steps: [Step], holds: [Condition], expect: [Expectation], mustNot: Set<String> = [],
        tolerates: Set<String> = [], verdicts: Set<String> = ["unhealthy"]
    ) -> Scenario {
        Scenario(
            "then", name, steps: steps, holds: holds, expect: expect, mustNot: mustNot, tolerates: tolerates,
            verdicts: verdicts)
    }

    /// Nothing is left to find; what may still threaten is tolerated.
    static func healed(
        _ name: String, _ steps: [Step], tolerates: Set<String> = [], expect: [Expectation] = []
    ) -> Scenario {
        .after(
            name, steps + [.wait(.serves), .wait(.outlived)], holds: [.active, .serves], expect: expect,
            tolerates: tolerates.union(["start-limit-ineffective"]), verdicts: ["healthy"])
    }
}
