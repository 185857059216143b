extension ScenarioBook {
    /// Whole stories: the incident, health, and what lies between.
    static let stories: [Scenario] = [
        Scenario(
            "incident", "certificates were missing, and then an enrollment that fell through holds the port",
            steps: incident(),
            holds: incidentHolds,
            expect: [
                .root("port-held-by-enrollment", subject: Condition.holder(), confidence: "conclusive"),
                .origin("cert-missing"), .endlessLoop,
            ],
            mustNot: [
                "port-held-by-stray-agent", "port-held-by-foreign-process", "port-holder-hidden", "exit-code-loop",
            ],
            loops: true),
        Scenario(
            "incident-url-argument", "the same, enrolled with --enroll=URL",
            steps: incident(enroll: "sudo linux-patch-api --enroll=https://manager.example"),
            holds: incidentHolds,
            expect: [
                .root("port-held-by-enrollment", subject: Condition.holder()), .origin("cert-missing"), .endlessLoop,
            ],
            mustNot: ["port-held-by-stray-agent", "port-held-by-foreign-process"], loops: true),
        Scenario(
            "incident-renamed-program", "the same, enrolled with a copy of the program under another name",
            steps: [.package, .shell("install -m 0755 /usr/bin/linux-patch-api /home/ada/lpa-new")]
                + incident(enroll: "sudo ./lpa-new --enroll https://manager.example"),
            holds: [.waitsForRestart, .portInUse, .listening("0.0.0.0:12443", "lpa-new")],
            expect: [
                .root("port-held-by-enrollment", subject: Condition.holder()), .origin("cert-missing"), .endlessLoop,
            ],
            mustNot: ["port-held-by-foreign-process"], loops: true),
        Scenario(
            "incident-as-user", "the incident, looked at by an ordinary user",
            steps: incident(),
            holds: incidentHolds,
            expect: [.root("port-held-by-enrollment", or: "port-holder-hidden")],
            mustNot: ["port-held-by-foreign-process"],
            // Without privilege neither the journal nor the certificates need be readable.
            tolerates: [
                "start-limit-ineffective", "cert-missing", "cert-unreadable", "config-unreadable", "exit-code-loop",
            ],
            verdicts: ["unhealthy", "undetermined"], loops: true, observer: .user("ada")),
        Scenario(
            "enrollment-orphaned", "an enrollment waits for approval in a session while the unit loops",
            steps: [
                .package, .quickLoop, .loop("TLS CA certificate not found"),
                .session("sudo linux-patch-api --enroll https://manager.example"),
                .wait(enrolling),
            ],
            holds: [.waitsForRestart, .nobodyListens(), enrolling],
            expect: [.root("cert-missing"), .any("enrollment-orphaned"), .endlessLoop],
            mustNot: ["port-held-by-enrollment"], loops: true),
        Scenario(
            "two-faults", "the certificate has expired and a foreign program holds the port",
            steps: [
                .package, .quickLoop, .certificates("expired"), .foreignListener(), .loop("Address already in use"),
            ],
            holds: [.waitsForRestart, .portInUse, .listening("0.0.0.0:12443", "perl")],
            expect: [
                .root("port-held-by-foreign-process", subject: Condition.holder()),
                Expectation("cert-expired", roles: ["root", "contributing", "risk"]), .endlessLoop,
            ], loops: true),
        Scenario(
            "exit-code-loop", "the service keeps exiting for a reason that no rule knows",
            steps: [.package, .quickLoop, .certificates("good"), .mode("fail"), .loop("flux capacitor")],
            holds: [.waitsForRestart, .nobodyListens(), .property("Result", "exit-code")],
            expect: [.root("exit-code-loop"), .endlessLoop], loops: true),
        Scenario(
            "healthy", "the service runs",
            steps: [.package, .certificates("good"), .startUnit],
            holds: [.active, .serves, .restarts(atLeast: 0)],
            expect: [], tolerates: ["start-limit-ineffective"], verdicts: ["healthy"]),
        Scenario(
            "healthy-rsa", "the service runs with an RSA key",
            steps: [.package, .certificates("rsa"), .startUnit], holds: [.active, .serves],
            expect: [], tolerates: ["start-limit-ineffective"], verdicts: ["healthy"]),
        Scenario(
            "healthy-ed25519", "the service runs with an Ed25519 key",
            steps: [.package, .certificates("ed25519"), .startUnit], holds: [.active, .serves],
            expect: [], tolerates: ["start-limit-ineffective"], verdicts: ["healthy"]),
        Scenario(
            "healthy-after-loop", "the service runs, and a crash loop of the past is long over",
            steps: [
                .package, .quickLoop, .loop("TLS CA certificate not found"), .certificates("good"),
                .wait(.serves),
                // Stopped and started again in peace: nothing of the loop is left but the journal.
                .shell("systemctl restart \(Condition.unit)"),
            ],
            holds: [.active, .serves, .property("NRestarts", "0"), .logged("TLS CA certificate not found")],
            expect: [], mustNot: ["cert-missing", "exit-code-loop"], tolerates: ["start-limit-ineffective"],
            verdicts: ["healthy"]),
        Scenario(
            "healthy-beside-ipv6", "the service runs, and another program has the same port for IPv6 alone",
            steps: [
                .package, .certificates("good"), .foreignListener(family: .ipv6Only), .startUnit,
            ],
            holds: [.active, .listening("0.0.0.0:12443", "linux-patch-api"), .listening("[::]:12443", "perl")],
            expect: [],
            tolerates: ["start-limit-ineffective", "port-held-by-foreign-process"], verdicts: ["healthy"]),
    ]

    /// First without certificates, then with the orphaned enrollment: in the order in which it happened.
    static func incident(enroll: String = "sudo linux-patch-api --enroll https://manager.example") -> [Step] {
        [
            .package, .quickLoop, .loop("TLS CA certificate not found"),
            .session(enroll), .wait(.logged("TLS CA certificate not found")), .wait(enrolling), .approve(),
            .wait(.listening("0.0.0.0:12443")), .wait(.portInUse), .wait(.restarts(atLeast: 6)),
        ]
    }

    static let incidentHolds: [Condition] = [
        .restarts(atLeast: 6), .waitsForRestart, .portInUse, .logged("Listening on 0.0.0.0:12443"),
        .listening("0.0.0.0:12443", "linux-patch-api"),
        .heldOutsideUnit(cgroup: "user.slice/user-1000.slice/session-"),
        Condition(
            "the holder is the child of a sudo, which is the child of a shell",
            """
            parent() { cut -d' ' -f4 /proc/$1/stat; }
            sudo=$(parent $(\(Condition.holder())))
            test "$(cat /proc/$sudo/comm)" = sudo
            while test "$(cat /proc/$sudo/comm)" = sudo; do sudo=$(parent $sudo); done
            test "$(cat /proc/$sudo/comm)" = bash
            """),
        Condition("the certificates exist by now", "test -s /etc/linux_patch_api/certs/ca.pem"),
    ]

    static let enrolling = Condition(
        "an enrollment runs in a session", "pgrep --full -- '^[^ ]*(linux-patch-api|lpa-new) --enroll'")
}
