/// The lab's commands beside the test suite.
public enum Console {
    public static func run(_ command: String) -> Int32 {
        do {
            switch command {
            case "check":
                guard let obstacle = Laboratory.obstacle else { return 0 }
                complain("cannot run on this machine: \(obstacle)")
                return 1
            case "list":
                for scenario in ScenarioBook.all { put("\(scenario.id): \(scenario.name)\n") }
                return 0
            case "run":
                let laboratory = try Laboratory()
                let outcomes = ScenarioBook.wanted.map { scenario in
                    complain("\(scenario.id): \(scenario.name)")
                    return laboratory.run(scenario)
                }
                OutcomeTable.show(outcomes)
                return outcomes.allSatisfy(\.isGood) ? 0 : 1
            case "demo": return try Demo.run()
            case "bench": return try WholeRun.measure(journal: variable("JOURNAL"))
            case "captures": return try CaptureRun.measure()
            default:
                complain("usage: lab check|list|run|demo|bench|captures")
                return 64
            }
        } catch {
            complain("\(error)")
            return 1
        }
    }
}
