extension ScenarioBook {
    /// What no other scenario has for a remedy to heal.
    static let remedies: [Scenario] = [
        Scenario(
            "remedy-own-directory", "the agent's state directory is gone, and its sandbox names it",
            steps: [
                .package, .quickLoop, .certificates("good"), .shell("rmdir /var/lib/linux_patch_api"),
                .dropIn("30-sandbox", "[Service]\nProtectSystem=strict\nReadWritePaths=/var/lib/linux_patch_api"),
                .loop(),
            ],
            holds: [.waitsForRestart, .property("ExecMainStatus", "226")],
            expect: [.root("sandbox-denied"), .endlessLoop], loops: true),
        Scenario(
            "remedy-stopped", "somebody stopped the service, and nobody started it again",
            steps: [
                .package, .certificates("good"), .startUnit, .wait(.serves), .shell("systemctl stop \(Condition.unit)"),
            ],
            holds: [.inactive, .nobodyListens()],
            expect: [.root("service-gave-up-cleanly")], tolerates: ["start-limit-ineffective"]),
        Scenario(
            "remedy-served-stale", "the host moved to another CA, and the agent still shows the old one's certificate",
            steps: [
                .package, .certificates("good"), .startUnit, .wait(.serves), .certificates("moved"),
            ],
            holds: [.active, .serves, .openssl("verify -CAfile ca.pem server.pem", says: "OK")],
            expect: [.root("served-cert-stale")], tolerates: ["start-limit-ineffective"]),
        .agent(
            "remedy-enrolls-again", "an identity is lost, and the manager that gave it is not configured any more",
            [
                .serving(), .shell("systemctl stop linux-patch-api"), .configured([.trust, .reportedAddress]),
                .shell("rm -r /etc/linux_patch_api/certs/* /var/lib/linux_patch_api/generations"),
                .started, .wait(.says("waiting, not serving: not there")),
            ],
            holds: [.settled, .nobodyListens()],
            doctor: [.root("cert-missing")]),
    ]
}
