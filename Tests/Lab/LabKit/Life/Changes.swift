extension ScenarioBook {
    /// What a person changes while the agent waits or after it died, and what is to come of it.
    static let changes: [Scenario] = [
        .agent(
            "agent-unfinished", "it was published, and died before the manager was let in",
            [
                .enrolling(), .pending, .shell("mkdir \(certificate) && touch \(certificate)/x"), .approved,
                .wait(.exists(answer)), .shell("cp -a \(answer) /opt/lab/answer.json && rm -r \(certificate)"),
                .wait(.answers), .shell("systemctl stop \(Condition.unit) && mv /opt/lab/answer.json \(answer)"),
                .write("/etc/linux_patch_api/whitelist.yaml", "entries: []\n", mode: "0640"), .started,
                .wait(.answers),
            ],
            holds: [
                .settled, .serves, .registered(), .shell("the answer is not kept any longer", "! test -e \(answer)"),
            ],
            doctor: [], verdicts: ["healthy"]),
    ]

    private static let certificate = "/etc/linux_patch_api/certs/server.pem"
    private static let answer = "/var/lib/linux_patch_api/enrollment/answer.json"
}
