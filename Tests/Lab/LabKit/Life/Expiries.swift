extension ScenarioBook {
    /// A request that outlived its time, while the manager still calls it pending.
    static let expiries: [Scenario] = [
        .agent(
            "enrollment-expired", "nobody approved for a day of the agent's time, and the manager forgot nothing yet",
            [
                .enrolling(pace: 20_000), .pending, .shell("touch /run/lab-began"), .wait(.went(milliseconds: 4500)),
            ],
            holds: [.settled, .says("waiting for approval"), .registered()],
            doctor: [.root("enrollment-expired")], tolerates: ["cert-missing"],
            cure: [.approved], recovers: [.settled, .answers, .registered()])
    ]
}
