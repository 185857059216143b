extension ScenarioBook {
    /// From nothing to serving, and whatever the manager may say meanwhile.
    static let enrollments: [Scenario] = [
        .agent(
            "agent-no-url", "installed without certificates and without a manager's address",
            [.manager("--approve-all"), .agent(), .started],
            holds: [
                .settled, .says("waiting, not serving: not there"), .says("set enrollment.manager_url"),
                .nobodyListens(),
            ],
            doctor: [.root("cert-missing")],
            cure: [.configured([.manager, .trust, .reportedAddress]), .reloaded],
            recovers: [.settled, .answers, .serves]),
        .agent(
            "agent-enrolls", "installed with a manager's address, and a person approves",
            [.enrolling(), .pending],
            holds: [.settled, .says("approve lab (127.0.0.1"), .nobodyListens(), .registered(), .booted],
            doctor: [.root("enrollment-pending")], tolerates: ["cert-missing"],
            cure: [.approved],
            recovers: [
                .settled, .answers, .serves, .says("listening on 0.0.0.0:12443"), .registered(),
                .shell("the whitelist admits the manager", "grep -q 127.0.0.1 /etc/linux_patch_api/whitelist.yaml"),
                .shell(
                    "the key is for root alone",
                    "test $(stat -c %a%u /etc/linux_patch_api/certs/server.key.pem) = 6000"),
            ]),
        .agent(
            "agent-documented-dialect", "the manager answers as its papers say, not as its code does",
            [.enrolling(options: "--dialect documented"), .pending],
            holds: [.settled, .registered()],
            doctor: [.root("enrollment-pending")], tolerates: ["cert-missing"],
            cure: [.approved], recovers: [.settled, .answers, .registered()]),
        .agent(
            "agent-manager-down", "the manager is down for an hour of the agent's time",
            [
                .manager("--approve-all"), .shell("systemctl stop manager"), .enlisted(pace: 1000), .started,
                .wait(.says("cannot use the manager")), .shell("touch /run/lab-began"),
            ],
            holds: [.settled, .says("next try"), .went(milliseconds: 3600)],
            doctor: [.root("manager-unreachable")], tolerates: ["cert-missing"],
            cure: [.shell("systemctl start manager")], recovers: [.settled, .answers, .registered()]),
        .agent(
            "agent-denied", "a person denies the request",
            [.enrolling(options: "--dialect documented"), .pending, .orders("deny lab"), .wait(.says("denied"))],
            holds: [.settled, .says("denied by the manager at"), .says("next try"), .registered()],
            doctor: [.root("enrollment-denied")], tolerates: ["cert-missing"],
            cure: [.reloaded, .pending, .approved], recovers: [.settled, .answers, .registered(2)]),
        .agent(
            "agent-denied-coded", "a person denies the request, and the manager says only that there is none",
            [.enrolling(), .pending, .orders("deny lab"), .wait(.says("is gone"))],
            holds: [.settled, .says("delete it there"), .registered()],
            doctor: [.root("enrollment-denied")], tolerates: ["cert-missing"],
            cure: [.reloaded, .pending, .approved], recovers: [.settled, .answers, .registered(2)]),
        .agent(
            "agent-expired", "nobody approves for a day of the agent's time, and the manager lets the request end",
            [
                .enrolling(pace: 20_000), .pending, .shell("touch /run/lab-began"), .wait(.went(milliseconds: 4500)),
                .orders("expire lab"), .wait(.logged("ended without a decision")), .wait(.registered(2)), .pending,
            ],
            holds: [.settled, .registered(2)],
            // The agent's day is over in seconds here, the manager's is not.
            doctor: [.root("enrollment-pending", or: "enrollment-expired")], tolerates: ["cert-missing"],
            cure: [.approved], recovers: [.settled, .answers, .registered(2)]),
        .agent(
            "agent-conflict", "the manager knows a host of this name",
            [.enrolling(misbehave: "conflict"), .wait(.says("can't take this host"))],
            holds: [.settled, .says("delete that host at the manager"), .says("next try")],
            doctor: [.root("enrollment-conflict")], tolerates: ["cert-missing"],
            cure: [.orders("misbehave off"), .reloaded, .pending, .approved],
            recovers: [.settled, .answers, .registered()]),
        .agent(
            "agent-cloned", "a request of this machine-id waits at the manager already, and its token is lost",
            [
                .enrolling(), .pending, .shell("systemctl stop linux-patch-api && rm -r /var/lib/linux_patch_api"),
                .started, .wait(.says("can't take this host")),
            ],
            holds: [.settled, .says("machine-id"), .registered()],
            doctor: [.root("enrollment-conflict")], tolerates: ["cert-missing"],
            cure: [.orders("deny lab"), .reloaded, .pending, .approved],
            recovers: [.settled, .answers, .registered(2)]),
        .agent(
            "agent-rate-limited", "the manager asks for patience",
            [.enrolling(misbehave: "enroll:status=429:2", pace: 1000), .wait(.says("asks for patience"))],
            holds: [.settled, .says("too many questions")],
            doctor: [.root("manager-unreachable", or: "enrollment-pending")], tolerates: ["cert-missing"],
            cure: [.orders("misbehave off"), .pending, .approved], recovers: [.settled, .answers, .registered()]),
        .agent(
            "agent-manager-overloaded", "the manager answers 503 for long",
            [.enrolling(misbehave: "status=503", pace: 1000), .wait(.managerSaw("503", atLeast: 5))],
            holds: [.settled, .says("(503"), .says("next try")],
            doctor: [.root("manager-unreachable")], tolerates: ["cert-missing"],
            cure: [.orders("misbehave off"), .pending, .approved], recovers: [.settled, .answers, .registered()]),
        .agent(
            "agent-garbage", "the manager answers garbage",
            [.enrolling(misbehave: "enroll:garbage*2 status:garbage"), .wait(.says("the request stands there"))],
            holds: [.settled, .says("next try"), .managerSaw("garbage", atLeast: 3)],
            doctor: [.root("manager-unreachable")], tolerates: ["cert-missing"],
            cure: [.orders("misbehave off"), .pending, .approved], recovers: [.settled, .answers, .registered()]),
        .agent(
            "agent-registrations-used-up", "the manager answers garbage to every registration",
            [.enrolling(misbehave: "enroll:garbage", pace: 8000), .wait(.says("4 registrations in a day"))],
            holds: [.settled, .says("next try")],
            doctor: [.root("manager-unreachable")], tolerates: ["cert-missing"],
            cure: [.orders("misbehave off"), .pending, .approved], recovers: [.settled, .answers, .registered()]),
        nonsense("truncate", "end in the middle"),
        nonsense("reset", "are a reset of the line"),
        nonsense("redirect", "lead to a log-in page"),
        nonsense("html", "are a page for people"),
        nonsense("empty", "are empty"),
        nonsense("huge", "are 16 MiB long"),
        .agent(
            "agent-manager-clock", "the manager's clock is an hour ahead",
            [.enrolling(misbehave: "wrong-date=3600"), .wait(.says("waiting for the clock"))],
            holds: [.settled, .says("next try"), .registered(0)],
            doctor: [.root("clock-unsynchronised")], tolerates: ["cert-missing"],
            cure: [.orders("misbehave off"), .pending, .approved], recovers: [.settled, .answers, .registered()]),
    ]

    /// A request that stands, and polls that bring nothing.
    private static func nonsense(_ fault: String, _ words: String) -> Scenario {
        .agent(
            "agent-answers-\(fault)", "the manager's answers to polls \(words)",
            [.enrolling(misbehave: "status:\(fault)"), .wait(.says("cannot use the manager"))],
            holds: [.settled, .says("the request stands there"), .says("next try"), .registered()],
            doctor: [.root("manager-unreachable")], tolerates: ["cert-missing"],
            cure: [.orders("misbehave off"), .pending, .approved], recovers: [.settled, .answers, .registered()])
    }
}
