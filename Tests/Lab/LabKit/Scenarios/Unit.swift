extension ScenarioBook {
    /// What systemd itself has to say: limits, unit files, and every way for a start to fail or a run to end.
    static let unit: [Scenario] = limits + unitFiles + starts + ends

    private static let limits: [Scenario] = [
        Scenario(
            "start-limit-hit", "systemd gave up on a service whose certificates are missing",
            steps: [
                .package, .dropIn("10-limit", "[Service]\nRestartSec=100ms"), .startUnit, .wait(.failed),
            ],
            holds: [.failed, .logged("Start request repeated too quickly"), .logged("TLS CA certificate not found")],
            expect: [.root("cert-missing"), .contributing("start-limit-hit")],
            mustNot: ["start-limit-ineffective", "exit-code-loop"]),
        Scenario(
            "start-limit-hit-alone", "systemd gave up, and what it gave up over is repaired meanwhile",
            steps: [
                .package, .dropIn("10-limit", "[Service]\nRestartSec=100ms"), .startUnit, .wait(.failed),
                .certificates("good"),
            ],
            holds: [.failed, .logged("Start request repeated too quickly")],
            expect: [.root("start-limit-hit"), .origin("cert-missing")], mustNot: ["start-limit-ineffective"]),
        Scenario(
            "start-limit-ineffective", "StartLimitIntervalSec stands in [Service], where it has no effect",
            steps: [
                .package,
                .dropIn("10-brake", "[Service]\nRestartSec=10s\nStartLimitBurst=5\nStartLimitIntervalSec=300"),
                .startUnit, .wait(.restarts(atLeast: 1), within: 30),
            ],
            holds: [
                .waitsForRestart, .property("StartLimitIntervalUSec", "10s"), .property("StartLimitBurst", "5"),
            ],
            expect: [.root("cert-missing"), .contributing("start-limit-ineffective")],
            mustNot: ["start-limit-hit"], loops: true),
        Scenario(
            "start-limit-reopened",
            "a daemon-reload opens the window of a limit that was hit anew, and NRestarts stays",
            steps: [
                .package, .dropIn("10-limit", "[Unit]\nStartLimitIntervalSec=1h\n[Service]\nRestartSec=100ms"),
                .startUnit, .wait(.failed), .certificates("good"),
                .shell("! systemctl start \(Condition.unit) 2>/dev/null"),
                .shell(
                    """
                    set -e; count() { systemctl show --property=NRestarts --value \(Condition.unit); }
                    before=$(count); test $before -gt 0; systemctl daemon-reload; test $(count) = $before
                    """),
                .shell("systemctl start \(Condition.unit)"), .wait(.serves), .wait(.outlived),
            ],
            holds: [.active, .serves, .logged("Start request repeated too quickly")],
            expect: [], mustNot: ["start-limit-hit"], tolerates: ["start-limit-ineffective"], verdicts: ["healthy"]),
        Scenario(
            "start-limit-example", "the drop-in that is shipped as an example is laid beside the old unit",
            steps: [
                .package, .certificates("good"),
                .dropIn("restart-policy", LabFiles.shipped("configs/restart-policy.conf")), .startUnit,
            ],
            holds: [
                .active, .serves, .property("StartLimitIntervalUSec", "5min"), .property("StartLimitBurst", "5"),
                .property("RestartUSec", "10s"),
                Condition(
                    "systemd-analyze has nothing to say of it",
                    "test -z \"$(systemd-analyze verify --man=no \(Condition.unit) 2>&1)\""),
            ],
            expect: [], mustNot: ["start-limit-ineffective"], verdicts: ["healthy"]),
    ]

    private static let unitFiles: [Scenario] = [
        Scenario(
            "unit-missing", "the agent is installed without a unit",
            steps: [
                .installed, .certificates("good"), .shell("rm /etc/systemd/system/\(Condition.unit)"),
                .shell("systemctl daemon-reload"),
            ],
            holds: [.property("LoadState", "not-found"), .nobodyListens()], expect: [.root("unit-missing")],
            mustNot: ["unit-masked", "unit-disabled"]),
        Scenario(
            "unit-masked", "the unit is masked",
            steps: [
                .installed, .certificates("good"),
                .masked,
            ],
            holds: [.property("LoadState", "masked"), .inactive], expect: [.root("unit-masked")],
            mustNot: ["unit-missing"]),
        Scenario(
            "unit-disabled", "the unit is not enabled and does not run",
            steps: [.installed, .certificates("good"), .shell("systemctl daemon-reload")],
            holds: [.property("UnitFileState", "disabled"), .inactive], expect: [.root("unit-disabled")],
            mustNot: ["unit-missing"], tolerates: ["start-limit-ineffective"]),
        Scenario(
            "unit-file-changed", "the unit file was repaired on disk and never loaded again",
            steps: [
                .package, .quickLoop, .certificates("good"),
                .dropIn("30-program", "[Service]\nExecStart=\nExecStart=/usr/bin/linux-patch-apid"),
                .loop("Failed to locate executable"),
                .shell("rm /etc/systemd/system/\(Condition.unit).d/30-program.conf"),
            ],
            holds: [.waitsForRestart, .property("NeedDaemonReload", "yes"), .property("ExecMainStatus", "203")],
            expect: [
                Expectation("unit-file-changed", roles: ["root", "contributing"]),
                Expectation("exec-missing", roles: ["root", "contributing"]), .endlessLoop,
            ], loops: true),
    ]

    /// The process never gets as far as the agent's own code.
    private static let starts: [Scenario] = [
        failing(
            "exec-missing", "the program is not there", [.shell("rm /usr/bin/linux-patch-api")], status: "203",
            expect: .root("exec-missing")),
        failing(
            "exec-missing-interpreter", "the program's ELF interpreter is not there",
            [.shell("sed -i s/ld-linux-x86-64.so.2/ld-linux-x86-64.so.9/ /usr/bin/linux-patch-api")], status: "203",
            expect: .root("exec-missing", or: "library-missing"), mustNot: ["exec-not-permitted"]),
        failing(
            "exec-not-permitted", "the program is not executable", [.shell("chmod 0644 /usr/bin/linux-patch-api")],
            status: "203", expect: .root("exec-not-permitted"), mustNot: ["exec-missing"]),
        failing(
            "library-missing", "the program needs a library that is not installed",
            [.shell("sed -i s/libssl.so.3/libssl.so.4/ /usr/bin/linux-patch-api")], status: "127",
            says: "error while loading shared libraries: libssl.so.4", expect: .root("library-missing"),
            mustNot: ["exec-missing"]),
        failing(
            "user-missing", "the service's user does not exist", [.dropIn("30-user", "[Service]\nUser=patch-agent")],
            status: "217", expect: .root("user-missing")),
        failing(
            "sandbox-denied", "the sandbox names a directory that does not exist",
            [.dropIn("30-sandbox", "[Service]\nProtectSystem=strict\nReadWritePaths=/var/lib/nowhere")], status: "226",
            expect: .root("sandbox-denied")),
        Scenario(
            "dependency-failed", "a unit that the service requires does not start",
            steps: [
                .package, .certificates("good"),
                .write("/etc/systemd/system/database.service", "[Service]\nType=oneshot\nExecStart=/usr/bin/false\n"),
                .dropIn("30-needs", "[Unit]\nRequires=database.service\nAfter=database.service"),
                .startUnit, .wait(.logged("Dependency failed")),
            ],
            holds: [.inactive, .property("ActiveState", "failed", of: "database.service"), .nobodyListens()],
            expect: [.root("dependency-failed", subject: "echo database.service")],
            mustNot: ["service-gave-up-cleanly"], tolerates: ["start-limit-ineffective"]),
    ]

    /// The agent runs, and ends or stays in a way that is none.
    private static let ends: [Scenario] = [
        looping(
            "killed-by-signal", "the agent dies of a segmentation fault", [.mode("segfault")], result: "signal",
            expect: .root("killed-by-signal"), mustNot: ["killed-out-of-memory"]),
        looping(
            "killed-out-of-memory", "the agent takes more memory than the unit may have",
            [.mode("allocate"), .dropIn("30-memory", "[Service]\nMemoryMax=24M\nMemorySwapMax=0")], result: "oom-kill",
            expect: .root("killed-out-of-memory"), mustNot: ["killed-by-signal"], needs: .memoryLimits),
        looping(
            "start-timeout", "the agent never reports that it is ready, and systemd ends it for that",
            [.mode("never-ready"), .dropIn("30-notify", "[Service]\nType=notify\nTimeoutStartSec=400ms")],
            result: "timeout", expect: Expectation("start-timeout", roles: ["root", "contributing"]),
            mustNot: ["watchdog-timeout"], tolerates: ["readiness-never-sent"]),
        looping(
            "watchdog-timeout", "the agent does not feed its watchdog",
            [.mode(""), .dropIn("30-watchdog", "[Service]\nType=notify\nWatchdogSec=300ms")], result: "watchdog",
            expect: .root("watchdog-timeout"), mustNot: ["killed-by-signal", "start-timeout"]),
        Scenario(
            "readiness-never-sent", "the agent runs and serves, and systemd waits for READY=1 for ever",
            steps: [
                .package, .certificates("good"), .mode("never-ready"),
                .dropIn("30-notify", "[Service]\nType=notify\nTimeoutStartSec=infinity"), .startUnit,
                .wait(.listening("0.0.0.0:12443")),
            ],
            holds: [.property("ActiveState", "activating"), .property("SubState", "start"), .serves],
            expect: [.root("readiness-never-sent")], mustNot: ["start-timeout", "exit-code-loop"],
            tolerates: ["start-limit-ineffective"]),
        Scenario(
            "service-gave-up-cleanly", "the agent left with exit status 0, so that nothing starts it again",
            steps: [
                .package, .certificates("good"), .mode("exit-zero"), .startUnit,
                .wait(.logged("Nothing to do, leaving")), .wait(.inactive),
            ],
            holds: [
                .inactive, .property("Result", "success"), .property("UnitFileState", "enabled"), .nobodyListens(),
            ],
            expect: [.root("service-gave-up-cleanly")], tolerates: ["start-limit-ineffective"]),
        Scenario(
            "binary-stale", "the program was replaced while the agent runs",
            steps: [
                .package, .certificates("good"), .startUnit, .wait(.serves),
                .shell(
                    """
                    cp /usr/bin/linux-patch-api /usr/bin/linux-patch-api.new && echo >>/usr/bin/linux-patch-api.new
                    mv /usr/bin/linux-patch-api.new /usr/bin/linux-patch-api
                    """),
            ],
            holds: [
                .active, .serves,
                Condition(
                    "the running program is deleted",
                    """
                    readlink /proc/$(systemctl show --property=MainPID --value \(Condition.unit))/exe |
                        grep -q '(deleted)$'
                    """),
            ],
            expect: [Expectation("binary-stale", roles: ["contributing", "risk"])],
            mustNot: ["port-held-by-stray-agent", "port-held-by-foreign-process"],
            tolerates: ["start-limit-ineffective"], verdicts: ["healthy"]),
    ]

    /// A start that systemd or the loader refuses, again and again, with this exit status.
    private static func failing(
        _ id: String, _ name: String, _ steps: [Step], status: String, says words: String? = nil, expect: Expectation,
        mustNot: Set<String> = []
    ) -> Scenario {
        Scenario(
            id, name, steps: [.package, .quickLoop, .certificates("good")] + steps + [.loop(words)],
            holds: [.waitsForRestart, .property("ExecMainStatus", status)], expect: [expect, .endlessLoop],
            mustNot: mustNot.union(["exit-code-loop"]), loops: true)
    }

    /// A run that ends badly, again and again, with this result.
    private static func looping(
        _ id: String, _ name: String, _ steps: [Step], result: String, expect: Expectation, mustNot: Set<String>,
        tolerates: Set<String> = [], needs: Scenario.Need? = nil
    ) -> Scenario {
        Scenario(
            id, name, steps: [.package, .quickLoop, .certificates("good")] + steps + [.loop()],
            holds: [.waitsForRestart, .property("Result", result)], expect: [expect, .endlessLoop],
            mustNot: mustNot.union(["exit-code-loop"]), tolerates: tolerates, loops: true, needs: needs)
    }
}
