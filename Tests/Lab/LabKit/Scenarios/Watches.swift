extension ScenarioBook {
    /// Units that flap while `patch-doctor watch` follows them.
    static let watches: [Scenario] = [
        watched(
            Scenario(
                "watch-old-agent-loop", "an agent that refuses its expired certificate is watched live",
                steps: [
                    .package, .slowLoop, .certificates("expired"), .mode("strict"),
                    .startUnit, .wait(.logged("TLS server certificate expired")),
                ],
                holds: [.property("NeedDaemonReload", "no"), .logged("TLS server certificate expired")],
                expect: [.root("cert-expired", subject: "echo server.pem"), .endlessLoop], loops: true),
            Watching(
                arguments: ["--format", "json", "--attempts", "3"], attempts: 3,
                says: [
                    "patch-doctor.watch/1", "\"signature\":\"Error: TLS server certificate expired",
                    "\"ending\":\"exited 1\"", "\"event\":\"attempt-began\"",
                    "\"exe\":\"/usr/bin/linux-patch-api\"",
                ]),
            Watching(
                arguments: [], launcher: ["env", "--default-signal=INT"], signals: ["INT"], attempts: 2,
                says: [
                    ": exit-code, exited 1: Error: TLS server certificate expired", "nobody listens on port 12443",
                    "stopped by SIGINT", "UNHEALTHY", "Watched live", "next try in 700 ms",
                ])),
        watched(
            Scenario(
                "watch-held-port", "a unit is watched whose port an orphaned enrollment holds",
                steps: incident(), holds: incidentHolds,
                expect: [
                    .root("port-held-by-enrollment", subject: Condition.holder(), confidence: "conclusive"),
                    .origin("cert-missing"), .endlessLoop,
                ],
                loops: true),
            // Started with `&`, where SIGINT is ignored.
            Watching(
                arguments: [], signals: ["INT", "TERM"], attempts: 2,
                says: ["an enrollment, outside the unit (in session-", "Address already in use", "stopped by SIGTERM"],
                names: ["echo \"is held by pid $(\(Condition.holder())) (linux-patch-api)\""]),
            Watching(
                arguments: ["--format", "json"], launcher: ["nohup"], signals: ["HUP", "TERM"], attempts: 2,
                says: ["\"event\":\"port-held\"", "\"enrolls\":true", "\"because\":\"terminated\""],
                names: ["echo \"\\\"pid\\\":$(\(Condition.holder()))\""])),
        watched(
            Scenario(
                "watch-gives-up", "a unit is watched until its start limit is hit",
                steps: [
                    .package,
                    .dropIn(
                        "10-limit",
                        "[Unit]\nStartLimitIntervalSec=60s\nStartLimitBurst=4\n"
                            + "[Service]\nRestartSec=1s"),
                    .startUnit, .wait(.logged("TLS CA certificate not found")),
                ],
                holds: [.logged("TLS CA certificate not found")],
                expect: [.root("cert-missing"), .any("start-limit-hit")], loops: true),
            Watching(
                arguments: ["--archive"], attempts: 2,
                says: ["systemd will not start it again by itself", "the unit failed and is not started again"])),
    ]

    private static func watched(_ scenario: Scenario, _ watches: Watching...) -> Scenario {
        var scenario = scenario
        scenario.watches = watches
        return scenario
    }
}

extension Step {
    /// As `quickLoop`, with time to see each attempt.
    fileprivate static let slowLoop = dropIn(
        "10-slow", "[Unit]\nStartLimitIntervalSec=1s\n[Service]\nRestartSec=700ms")
}
