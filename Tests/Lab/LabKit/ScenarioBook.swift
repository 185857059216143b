/// Every scenario of the lab.
public enum ScenarioBook {
    public static let all: [Scenario] =
        stories + port + certificates + configuration + unit + host + provisioning + decoys + pairs
        + whitelists + expiries + remedies + deadHosts + watches + life

    /// The agent's own life.
    static let life: [Scenario] =
        enrollments + managers + storage + interruptions + changes + clocks + serving + addresses + agentStarts
        + packages + hosts + transactions + jobs + installs + upgrades

    /// Those that the variable PATCH_DOCTOR_LAB_ONLY names (ids or beginnings of ids, separated by commas), or all.
    public static var wanted: [Scenario] {
        guard let names = variable("PATCH_DOCTOR_LAB_ONLY")?.split(separator: ",") else { return all }
        return all.filter { scenario in names.contains { scenario.id.hasPrefix($0) } }
    }
}

extension Expectation {
    /// A loop that nothing brakes says so beside its cause.
    static let endlessLoop = contributing("start-limit-ineffective")
}

extension Condition {
    static let portInUse = logged("Address already in use (os error 98)")
}
