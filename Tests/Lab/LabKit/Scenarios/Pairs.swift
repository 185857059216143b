extension ScenarioBook {
    /// Two and three faults at once: each has its part in the story, and with the root gone the rest is named.
    static let pairs: [Scenario] = portPairs + certificatePairs + unitPairs + hostPairs

    private static let foreign = Expectation.root("port-held-by-foreign-process", subject: Condition.holder())
    private static let noForeign = Step.shell("systemctl stop billing")
    private static let enrollment = Expectation.root("port-held-by-enrollment", subject: Condition.holder())
    private static let limited = Step.dropIn("10-limit", "[Service]\nRestartSec=100ms")
    private static let again = Step.shell(
        "systemctl reset-failed \(Condition.unit); systemctl start --no-block \(Condition.unit)")
    private static let config = "/etc/linux_patch_api/config.yaml"

    private static let portPairs: [Scenario] = [
        looping(
            "pair-expired-foreign", "the agent refuses its expired certificate, and a foreign program has its port",
            [.certificates("expired"), .mode("strict"), .foreignListener(), .loop("TLS server certificate expired")],
            expect: [.root("cert-expired"), .contributing("port-held-by-foreign-process")],
            then: [
                blocked(
                    "the certificate is renewed", [.certificates("good")], says: "Address already in use",
                    expect: [foreign, .origin("cert-expired")]),
                .healed("the foreign program is stopped", [noForeign]),
            ]),
        looping(
            "pair-foreign-expired",
            "a foreign program has the port, and the certificate that would be served has expired",
            [.certificates("expired"), .foreignListener(), .loop("Address already in use")],
            expect: [foreign, .contributing("cert-expired")],
            then: [
                .after(
                    "the foreign program is stopped", [noForeign, .wait(.serves), .wait(.outlived)],
                    holds: [.active, .serves], expect: [.root("cert-expired")], tolerates: ["start-limit-ineffective"])
            ]),
        looping(
            "pair-missing-enrollment", "an orphaned enrollment holds the port, and the certificates are gone again",
            incident() + [
                .shell("rm /etc/linux_patch_api/certs/*.pem"), .wait(.lately("TLS CA certificate not found")),
            ],
            expect: [.root("cert-missing"), .contributing("port-held-by-enrollment")],
            then: [
                blocked(
                    "the certificates are put back", [.certificates("good")], says: "Address already in use",
                    expect: [enrollment, .origin("cert-missing")]),
                .healed("the enrollment is ended", [.shell("kill $(\(Condition.holder()))")]),
            ]),
        looping(
            "pair-enrollment-expired", "an orphaned enrollment holds the port, and what it installed has expired",
            incident() + [.certificates("expired"), .wait(.lately("Address already in use"))],
            expect: [enrollment, .origin("cert-missing"), .contributing("cert-expired")],
            then: [
                .after(
                    "the enrollment is ended",
                    [.shell("kill $(\(Condition.holder()))"), .wait(.serves), .wait(.outlived)],
                    holds: [.active, .serves], expect: [.root("cert-expired")], tolerates: ["start-limit-ineffective"])
            ]),
        looping(
            "pair-killed-leftover", "the agent died of a signal, and a child that it left keeps its port",
            [
                .certificates("good"), .mode("fork-child"), .dropIn("30-kill", "[Service]\nKillMode=process"),
                .startUnit, .wait(.listening("0.0.0.0:12443", "sleep")),
                .wait(.listening("0.0.0.0:12443", "linux-patch-api")),
                .shell("systemctl kill --kill-whom=main --signal=SEGV \(Condition.unit)"), .wait(.portInUse),
                .wait(.restarts(atLeast: 2)),
            ],
            expect: [.root("port-held-by-leftover", subject: Condition.holder()), .origin("killed-by-signal")],
            then: [
                .healed("the child is ended", [.mode(""), .shell("kill $(\(Condition.holder()))")])
            ]),
        looping(
            "pair-config-foreign", "the configuration can't be read, and a foreign program has the port",
            [
                .certificates("good"), .shell("cp -p \(config) /run/lab-config"), .foreignListener(),
                .configuration(("  timeout_seconds", "\ttimeout_seconds")), .loop("found character that cannot start"),
            ],
            expect: [.root("config-invalid"), .contributing("port-held-by-foreign-process")],
            then: [
                blocked(
                    "the configuration is mended", [.shell("cp -p /run/lab-config \(config)")],
                    says: "Address already in use", expect: [foreign, .origin("config-invalid")])
            ]),
        looping(
            "pair-address-untrusted", "the address is none of this host's, and the certificate is of another CA",
            [
                .certificates("untrusted"), .shell("cp -p \(config) /run/lab-config"),
                .configuration(("bind: \"0.0.0.0\"", "bind: \"10.9.8.7\"")), .loop("Cannot assign requested address"),
            ],
            expect: [.root("listen-address-unavailable"), .contributing("cert-untrusted")],
            then: [
                .after(
                    "the address is mended",
                    [.shell("cp -p /run/lab-config \(config)"), .wait(.serves), .wait(.outlived)],
                    holds: [.active, .serves], expect: [.root("cert-untrusted")],
                    tolerates: ["start-limit-ineffective"])
            ]),
        looping(
            "pair-three", "no configuration, no certificates, and a foreign program on the port",
            [
                .shell("mv \(config) /run/lab-config"), .foreignListener(), .loop("No such file or directory"),
            ],
            expect: [.root("config-missing"), .contributing("port-held-by-foreign-process")],
            tolerates: ["cert-missing"],
            then: [
                blocked(
                    "the configuration is there", [.shell("cp -p /run/lab-config \(config)")],
                    says: "TLS CA certificate not found",
                    expect: [
                        .root("cert-missing"), .contributing("port-held-by-foreign-process"), .origin("config-missing"),
                    ]),
                blocked(
                    "the certificates are there", [.certificates("good")], says: "Address already in use",
                    expect: [foreign, .origin("config-missing")]),
                .healed("the foreign program is stopped", [noForeign]),
            ]),
    ]

    private static let certificatePairs: [Scenario] = [
        Scenario(
            "pair-expired-exposed", "an expired certificate is served, and its key is open to everybody",
            steps: [
                .package, .certificates("expired"), .shell("chmod 0644 /etc/linux_patch_api/certs/server.key"),
                .startUnit,
            ],
            holds: [.active, .serves], expect: [.root("cert-expired"), .risk("key-exposed")],
            tolerates: ["start-limit-ineffective"],
            then: [
                .healed(
                    "the certificate is renewed, with a key of its own",
                    [.certificates("good"), .shell("systemctl restart \(Condition.unit)")])
            ]),
        Scenario(
            "pair-stale-both", "program and certificate were replaced while the agent runs",
            steps: [
                .package, .certificates("good"), .startUnit, .wait(.serves), .certificates("renewed"),
                .shell(
                    """
                    cp /usr/bin/linux-patch-api /usr/bin/linux-patch-api.new && echo >>/usr/bin/linux-patch-api.new
                    mv /usr/bin/linux-patch-api.new /usr/bin/linux-patch-api
                    """),
            ],
            holds: [.active, .serves], expect: [.risk("binary-stale"), .risk("served-cert-stale")],
            tolerates: ["start-limit-ineffective"], verdicts: ["healthy", "undetermined"],
            then: [.healed("it is restarted", [.shell("systemctl restart \(Condition.unit)")])]),
        looping(
            "pair-user-missing", "the service's user does not exist, and neither do the certificates",
            [.dropIn("30-user", "[Service]\nUser=patch-agent"), .loop("Failed at step USER")],
            expect: [.root("user-missing"), .contributing("cert-missing")],
            then: [
                blocked(
                    "it runs as root again",
                    [
                        .shell(
                            "rm /etc/systemd/system/\(Condition.unit).d/30-user.conf; systemctl daemon-reload")
                    ], says: "TLS CA certificate not found", expect: [.root("cert-missing"), .origin("user-missing")])
            ]),
    ]

    private static let unitPairs: [Scenario] = [
        Scenario(
            "pair-masked-missing", "the unit is masked, and the certificates are missing",
            steps: [
                .installed,
                .shell(
                    """
                    mv /etc/systemd/system/\(Condition.unit) /usr/lib/systemd/system
                    systemctl --quiet mask \(Condition.unit)
                    """),
            ],
            holds: [.property("LoadState", "masked"), .inactive],
            expect: [.root("unit-masked"), .contributing("cert-missing")],
            then: [
                .after(
                    "the mask is taken off, and the unit started",
                    [
                        .shell("systemctl --quiet unmask \(Condition.unit)"), .quickLoop,
                        .shell("systemctl --quiet enable \(Condition.unit)"), .loop("TLS CA certificate not found"),
                    ], holds: [.waitsForRestart], expect: [.root("cert-missing"), .endlessLoop])
            ]),
        Scenario(
            "pair-disabled-missing", "the unit is not enabled, and the certificates are missing",
            steps: [.installed, .shell("systemctl daemon-reload")],
            holds: [.property("UnitFileState", "disabled"), .inactive],
            expect: [.root("cert-missing"), .contributing("unit-disabled")], tolerates: ["start-limit-ineffective"],
            then: [
                .after(
                    "the certificates are there", [.certificates("good")], holds: [.inactive],
                    expect: [.root("unit-disabled")], tolerates: ["start-limit-ineffective"])
            ]),
        looping(
            "pair-changed-missing", "the program's name is wrong, and the unit file was mended and never loaded",
            [
                .certificates("good"),
                .dropIn("30-program", "[Service]\nExecStart=\nExecStart=/usr/bin/linux-patch-apid"),
                .loop("Failed to locate executable"),
                .shell("rm /etc/systemd/system/\(Condition.unit).d/30-program.conf"),
            ],
            expect: [
                Expectation("exec-missing", roles: ["root"]),
                Expectation("unit-file-changed", roles: ["root", "contributing"]),
            ],
            then: [.healed("the unit file is loaded", [.shell("systemctl daemon-reload")])]),
        looping(
            "pair-exec-foreign", "the program is not there, and a foreign one has its port",
            [
                .certificates("good"), .shell("mv /usr/bin/linux-patch-api /run/lab-agent"), .foreignListener(),
                .loop(),
            ],
            expect: [.root("exec-missing"), .contributing("port-held-by-foreign-process")],
            then: [
                blocked(
                    "the program is there", [.shell("cp -p /run/lab-agent /usr/bin/linux-patch-api")],
                    says: "Address already in use", expect: [foreign, .origin("exec-missing")])
            ]),
        looping(
            "pair-sandbox-library", "the sandbox can't be set up, and the program lacks a library",
            [
                .certificates("good"), .shell("sed -i s/libssl.so.3/libssl.so.4/ /usr/bin/linux-patch-api"),
                .dropIn("30-sandbox", "[Service]\nProtectSystem=strict\nReadWritePaths=/var/lib/nowhere"), .loop(),
            ],
            expect: [.root("sandbox-denied")],
            then: [
                blocked(
                    "the directory is there", [.shell("mkdir /var/lib/nowhere")], says: "error while loading shared",
                    expect: [.root("library-missing"), .origin("sandbox-denied")])
            ]),
        Scenario(
            "pair-limit-foreign", "systemd gave up, and a foreign program still has the port",
            steps: [
                .package, limited, .certificates("good"), .foreignListener(), .startUnit, .wait(.failed),
            ],
            holds: [.failed, .logged("Start request repeated too quickly")],
            expect: [foreign, .contributing("start-limit-hit")], mustNot: ["start-limit-ineffective"],
            then: [
                .after(
                    "the foreign program is stopped", [noForeign], holds: [.failed],
                    expect: [.root("start-limit-hit")], tolerates: ["port-held-by-foreign-process"]),
                .healed("the limit is reset", [again]),
            ]),
        Scenario(
            "pair-dependency-missing", "a unit that it requires fails, and the certificates are missing",
            steps: [
                .package,
                .write("/etc/systemd/system/database.service", "[Service]\nType=oneshot\nExecStart=/usr/bin/false\n"),
                .dropIn("30-needs", "[Unit]\nRequires=database.service\nAfter=database.service"),
                .startUnit, .wait(.logged("Dependency failed")),
            ],
            holds: [.inactive, .nobodyListens()],
            expect: [.root("dependency-failed", subject: "echo database.service"), .contributing("cert-missing")],
            tolerates: ["start-limit-ineffective"]),
        Scenario(
            "pair-gave-up-expiring", "the agent left cleanly, and its certificate has three days to live",
            steps: [
                .package, .certificates("expiring-soon"), .mode("exit-zero"), .startUnit,
                .wait(.logged("Nothing to do, leaving")), .wait(.inactive),
            ],
            holds: [.inactive, .property("Result", "success")],
            expect: [.root("service-gave-up-cleanly"), .risk("cert-expiring-soon")],
            tolerates: ["start-limit-ineffective"]),
    ]

    private static let hostPairs: [Scenario] = [
        Scenario(
            "pair-limit-disk-full", "systemd gave up on a service whose disk is full",
            steps: [
                .package, limited, .certificates("good"), .mode("write-state"), .smallState, .stateFilled, .startUnit,
                .wait(.failed),
            ],
            holds: [.failed, .logged("Start request repeated too quickly"), .logged("No space left on device")],
            expect: [.root("disk-full"), .contributing("start-limit-hit")], mustNot: ["exit-code-loop"],
            then: [
                .after(
                    "the disk has room", [.stateEmptied], holds: [.failed],
                    expect: [.root("start-limit-hit"), .origin("disk-full")]),
                .healed("the limit is reset", [again]),
            ]),
        looping(
            "pair-read-only-enrollment", "the state can't be written, and an enrollment waits in a session",
            [
                .certificates("good"), .session("sudo linux-patch-api --enroll https://manager.example"),
                .wait(enrolling), .mode("write-state"), .smallState, .stateReadOnly, .loop("Read-only file system"),
            ],
            expect: [.root("filesystem-read-only"), .risk("enrollment-orphaned")],
            then: [
                .healed("it is writable again", [.stateWritable], expect: [.risk("enrollment-orphaned")])
            ]),
        looping(
            "pair-missing-disk-full", "the certificates are missing, and where they belong nothing can be written",
            [.smallState, .stateFilled, .loop("TLS CA certificate not found")],
            expect: [.root("cert-missing"), .contributing("disk-full")],
            then: [
                blocked(
                    "the disk has room", [.stateEmptied], says: "TLS CA certificate not found",
                    expect: [.root("cert-missing")])
            ]),
        looping(
            "pair-descriptors-exposed", "the limit of open files is too small, and the key is open to everybody",
            [
                .certificates("good"), .shell("chmod 0644 /etc/linux_patch_api/certs/server.key"),
                .mode("leak-first"), .descriptors(32), .loop("Too many open files (os error 24)"),
            ],
            expect: [.root("descriptor-limit"), .risk("key-exposed")],
            then: [
                .healed("the leak is mended", [.mode("")], expect: [.risk("key-exposed")])
            ]),
        looping(
            "pair-incident-boot", "the incident, on a host whose next boot will fail",
            incident() + [
                .write("/opt/lab/ramdisk", LabFiles.text("ramdisk.pl"), mode: "0755"),
                .kernel("6.1.0-9-amd64", ramdisk: "$ramdisk init"), .kernel("6.1.0-18-amd64", ramdisk: nil),
            ],
            expect: [enrollment, .origin("cert-missing"), .risk("boot-at-risk")],
            then: [
                .healed(
                    "the enrollment is ended", [.shell("kill $(\(Condition.holder()))")],
                    expect: [.risk("boot-at-risk")])
            ]),
    ]

    /// A loop that nothing brakes; `incident` brings its own package along.
    private static func looping(
        _ id: String, _ name: String, _ steps: [Step], expect: [Expectation], tolerates: Set<String> = [],
        then: [Scenario] = []
    ) -> Scenario {
        Scenario(
            id, name, steps: [.package, .quickLoop] + steps, holds: [.waitsForRestart],
            expect: expect + [.endlessLoop], mustNot: ["exit-code-loop"], tolerates: tolerates, loops: true, then: then)
    }

    /// The loop goes on for the next reason.
    private static func blocked(
        _ name: String, _ steps: [Step], says words: String, expect: [Expectation]
    ) -> Scenario {
        .after(
            name, steps + [.wait(.lately(words))], holds: [.waitsForRestart, .lately(words)],
            expect: expect + [.endlessLoop], mustNot: ["exit-code-loop"])
    }
}
