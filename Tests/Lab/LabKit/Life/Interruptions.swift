extension ScenarioBook {
    /// Ends that nobody planned: each resumes at what is on the disk.
    static let interruptions: [Scenario] = [
        .agent(
            "agent-killed-registering", "killed while it registers",
            [
                .enrolling(misbehave: "enroll:hang", with: quickly), .wait(.says("registering at")), .killed,
                .wait(.says("registering at")),
            ],
            holds: [.settled, .registered(0)],
            doctor: [], tolerates: interrupted,
            cure: [
                .orders("misbehave off"), .shell("systemctl restart manager"), .pending,
                .approved,
            ],
            recovers: [.settled, .answers, .registered()], restarts: 1),
        .agent(
            "agent-killed-pending", "killed while its request waits",
            [.enrolling(with: quickly), .pending, .killed, .pending],
            holds: [.settled, .registered()],
            doctor: [.root("enrollment-pending")], tolerates: interrupted,
            cure: [.approved], recovers: [.settled, .answers, .registered()], restarts: 1),
        .agent(
            "agent-killed-provisioning", "killed while the bundle arrives byte by byte",
            [
                .enrolling(with: quickly), .pending, .orders("misbehave status:slow-body", "approve lab"),
                .wait(.managerSaw("receives its bundle", atLeast: 1)), .killed, .orders("misbehave off"),
                .wait(.says("is gone"), within: 60),
            ],
            holds: [.settled, .registered(), .says("delete it there")],
            doctor: [.root("enrollment-denied")], tolerates: interrupted,
            cure: [.orders("forget lab"), .reloaded, .pending, .approved],
            recovers: [.settled, .answers, .registered(2)], restarts: 1),
        .agent(
            "agent-killed-serving", "killed while it serves",
            [.serving(with: quickly), .killed, .wait(.answers)],
            holds: [.settled, .serves, .registered()],
            doctor: [], tolerates: interrupted, verdicts: ["healthy"], restarts: 1),
        .agent(
            "agent-rebooted", "the machine is booted anew while the request waits",
            [.enrolling(), .pending, .reboot, .wait(.managerAnswers), .pending],
            holds: [.settled, .registered(), .booted, .property("ActiveState", "active", of: "multi-user.target")],
            doctor: [.root("enrollment-pending")], tolerates: ["cert-missing"],
            cure: [.approved], recovers: [.settled, .answers, .registered()]),
        .agent(
            "agent-watchdog", "it hangs, and the watchdog ends it",
            [
                .serving(with: quickly + "WatchdogSec=2s\nTimeoutStopSec=2s\nTimeoutAbortSec=1s\nLimitCORE=0\n"),
                .shell("kill -STOP $(systemctl show --property=MainPID --value \(Condition.unit))"),
                .wait(.restarts(atLeast: 1)), .wait(.answers),
            ],
            holds: [.settled, .serves, .logged("Watchdog timeout")],
            doctor: [], tolerates: interrupted.union(["watchdog-timeout"]), verdicts: ["healthy", "unhealthy"],
            restarts: 1),
        .agent(
            "agent-stopped", "stopped and started again",
            [
                .serving(), .shell("systemctl stop \(Condition.unit)"),
                .wait(.property("ExecMainStatus", "0")), .wait(.inactive), .started, .wait(.answers),
            ],
            holds: [.settled, .serves, .logged("stopped"), .property("Result", "success"), .registered()],
            doctor: [], verdicts: ["healthy"]),
    ]

    /// So that nobody waits ten seconds for the next start.
    static let quickly = "RestartSec=100ms\n"

    private static let interrupted: Set<String> = [
        "cert-missing", "killed-by-signal", "enrollment-pending", "manager-unreachable", "start-limit-ineffective",
    ]
}
