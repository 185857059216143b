extension ScenarioBook {
    /// The old agent's enrollment, which puts its files in place one after the other, ended in between or not.
    static let provisioning: [Scenario] = [
        Scenario(
            "provisioning-left-half-done", "an enrollment was killed while it replaced the certificate",
            steps: [.package, .quickLoop, .certificates("good"), .enrolled("die-within=2")]
                + [.loop("TLS server certificate not found")],
            holds: [.waitsForRestart, left("server.pem.bak"), left("server.tmp"), gone("server.pem")],
            expect: [
                .root("cert-missing", subject: "echo server.pem"), .contributing("provisioning-left-half-done"),
                .endlessLoop,
            ],
            mustNot: ["cert-key-mismatch"], loops: true,
            then: [
                .after(
                    "the operator tries again, and the file that was left is in the way",
                    [.enrolled("", manager: "https://again.example")],
                    holds: [.waitsForRestart, gone("server.pem")],
                    expect: [.root("cert-missing"), .contributing("provisioning-left-half-done"), .endlessLoop]),
                .healed(
                    "the set of before is put back",
                    [.shell("cd \(certs) && rm server.tmp && for old in *.bak; do mv $old ${old%.bak}; done")]),
            ]),
        Scenario(
            "provisioning-left-mismatch", "an enrollment was killed between certificate and key",
            steps: [.package, .quickLoop, .certificates("good"), .enrolled("die-before=3"), .loop("KeyMismatch")],
            holds: [.waitsForRestart, left("server.pem.bak")],
            expect: [.root("cert-key-mismatch"), .contributing("provisioning-left-half-done"), .endlessLoop],
            mustNot: ["cert-missing"], loops: true),
        Scenario(
            "provisioning-left-temporary", "an old temporary file lies beside a whole set, and the service runs",
            steps: [
                .package, .certificates("good"), .startUnit,
                .shell("touch --date='3 days ago' \(certs)/server.tmp"),
            ],
            holds: [.active, .serves, left("server.tmp")],
            expect: [.risk("provisioning-left-half-done")], mustNot: ["cert-key-mismatch"],
            tolerates: ["start-limit-ineffective"], verdicts: ["healthy"]),
        Scenario(
            "decoy-provisioning-finished", "a finished enrollment left its backups, and the agent serves the new files",
            steps: [
                .package, .certificates("good"), .enrolled("exit-zero"), .startUnit,
            ],
            holds: [
                .active, .serves, left("ca.pem.bak"), left("server.pem.bak"), left("server.key.bak"),
                gone("server.tmp"),
            ],
            expect: [], mustNot: ["provisioning-left-half-done"], tolerates: ["start-limit-ineffective"],
            verdicts: ["healthy"]),
        Scenario(
            "decoy-provisioning-replaced", "what an agent since 1.2 and an admin keep on purpose lies beside the files",
            steps: [
                .package, .certificates("good"), .startUnit,
                .shell("cd \(certs) && cp server.pem server.pem.replaced && cp server.pem server.pem.2025"),
            ],
            holds: [.active, .serves], expect: [], mustNot: ["provisioning-left-half-done"],
            tolerates: ["start-limit-ineffective"], verdicts: ["healthy"]),
    ]

    private static let certs = "/etc/linux_patch_api/certs"
    private static func left(_ name: String) -> Condition {
        Condition("'\(name)' is left", "test -e \(certs)/\(name)")
    }
    private static func gone(_ name: String) -> Condition {
        Condition("there is no '\(name)'", "test ! -e \(certs)/\(name)")
    }
}

extension Step {
    /// An enrollment in a session, approved at once; what becomes of it the mode says. Waits until it is over.
    static func enrolled(_ mode: String, manager: String = "https://manager.example") -> Step {
        all([
            .shell("rm -rf /run/lab/approved"),
            .session("sudo OLD_AGENT_MODE=\(mode) linux-patch-api --enroll \(manager)"),
            .wait(Condition("an enrollment runs", "pgrep --full -- '^[^ ]*linux-patch-api --enroll \(manager)'")),
            .approve("renewed"),
            .wait(Condition("the enrollment is over", "! pgrep --full -- '^[^ ]*linux-patch-api --enroll \(manager)'")),
        ])
    }
}
