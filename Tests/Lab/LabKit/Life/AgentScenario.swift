extension Scenario {
    /// The agent itself in trouble: it serves, or it is running and says what it waits for; then the cause goes away.
    static func agent(
        _ id: String, _ name: String, _ steps: [Step], holds: [Condition], doctor: [Expectation],
        tolerates: Set<String> = [], verdicts: Set<String> = ["unhealthy"], cure: [Step] = [],
        recovers: [Condition] = [], lingers: Set<String> = [], restarts: Int = 0, loops: Bool = false
    ) -> Scenario {
        var scenario = Scenario(
            id, name, steps: steps, holds: holds, expect: doctor, tolerates: tolerates, verdicts: verdicts, loops: loops
        )
        scenario.patient = .agent
        scenario.cure = cure
        scenario.recovers = recovers
        scenario.lingers = lingers
        scenario.restarts = restarts
        return scenario
    }
}
