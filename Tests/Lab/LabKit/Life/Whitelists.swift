extension ScenarioBook {
    /// Who may connect at all: the manager kept out, and strangers that were turned away rightly.
    static let whitelists: [Scenario] = [
        .agent(
            "agent-whitelist-excludes", "the whitelist is laid down again without the manager, while the agent serves",
            [.serving(), .whitelist("entries:\n  - 10.0.0.0/8\n"), .wait(managerRefused)],
            holds: [.settled, .serves, managerRefused, .logged("127.0.0.1 refused: not in the whitelist")],
            doctor: [.root("whitelist-excludes-manager", subject: "echo 127.0.0.1", confidence: "conclusive")],
            cure: [.loopbackAdmitted], recovers: [.settled, .answers]),
        .agent(
            "agent-whitelist-unusable", "the whitelist is damaged, and the agent was restarted over it",
            [
                .serving(), .whitelist("entries: 127.0.0.1\n"), .shell("systemctl restart \(Condition.unit)"),
                .wait(.says("listening on")), .wait(managerRefused),
            ],
            holds: [.settled, .serves, managerRefused],
            doctor: [.root("whitelist-excludes-manager", subject: "echo 'not a list'")],
            cure: [.loopbackAdmitted], recovers: [.settled, .answers]),
        .agent(
            "agent-whitelist-empty", "the whitelist is emptied while the agent serves",
            [.serving(), .whitelist("entries: []\n"), .wait(managerRefused)],
            holds: [.settled, .serves, managerRefused, .says("nobody may connect: the whitelist"), checkTells],
            doctor: [.root("whitelist-excludes-manager")],
            cure: [.loopbackAdmitted], recovers: [.settled, .answers, .saysNot("nobody may connect")]),
        .agent(
            "agent-whitelist-damaged", "the whitelist is damaged while the agent serves, which keeps what it had",
            [.serving(), .whitelist("entries: 127.0.0.1\n"), .wait(.logged("what was in force before stays"))],
            holds: [.settled, .serves, .answers],
            doctor: [.risk("whitelist-excludes-manager")], verdicts: ["healthy"],
            cure: [.loopbackAdmitted], recovers: [.settled, .answers]),
        .agent(
            "decoy-whitelist-stranger", "the agent turned strangers away, and the manager comes in",
            [
                .serving(), .shell("ip address add 10.7.7.1/24 dev lo"),
                .shell("bash -c 'exec 3<>/dev/tcp/10.7.7.1/12443; cat <&3' >/dev/null 2>&1; true"),
                .wait(.logged("10.7.7.1 refused: not in the whitelist")),
            ],
            holds: [.settled, .serves, .answers], doctor: [], tolerates: ["cert-name-mismatch"], verdicts: ["healthy"]),
    ]

    private static let checkTells = Condition.shell(
        "'--check' says that nobody may connect", "linux-patch-api --check | grep -q '^whitelist .*nobody may connect'")
    private static let managerRefused = Condition.shell(
        "the manager is refused", "! manager dial 127.0.0.1 >/dev/null 2>&1")
}

extension Step {
    static func whitelist(_ text: String) -> Step {
        .write("/etc/linux_patch_api/whitelist.yaml", text, mode: "0640")
    }
}
