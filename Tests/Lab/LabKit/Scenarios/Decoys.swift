extension ScenarioBook {
    /// Hosts where an obvious suspect is innocent: beside another fault, and where all is well.
    static let decoys: [Scenario] = besideFaults + besideHealth

    private static let accusations: Set<String> = [
        "port-held-by-enrollment", "port-held-by-stray-agent", "port-held-by-foreign-process", "port-holder-hidden",
        "port-blocked-by-time-wait", "port-bound-not-listening", "port-used-by-client", "port-not-reachable",
    ]

    private static let besideFaults: [Scenario] = [
        Scenario(
            "decoy-enrollment-idle",
            "the certificate has expired, and an enrollment that holds no port is no part of it",
            steps: [
                .package, .quickLoop, .certificates("expired"), .mode("strict"),
                .loop("TLS server certificate expired"),
                .session("sudo linux-patch-api --enroll https://manager.example"),
                .wait(enrolling),
            ],
            holds: [.waitsForRestart, .nobodyListens(), enrolling],
            expect: [
                .root("cert-expired", subject: "echo server.pem"), .risk("enrollment-orphaned"), .endlessLoop,
            ],
            mustNot: accusations, loops: true),
        Scenario(
            "decoy-time-wait", "connections linger in TIME_WAIT beside the live listener that is the cause",
            steps: [
                .package, .quickLoop, .certificates("good"), .mode("close-first"), .startUnit, .wait(.serves), .knock,
                .wait(lingering), .shell("systemctl stop \(Condition.unit)"), .foreignListener(),
                .loop("Address already in use"),
            ],
            holds: [.waitsForRestart, .listening("0.0.0.0:12443", "perl"), lingering],
            expect: [.root("port-held-by-foreign-process", subject: Condition.holder()), .endlessLoop],
            mustNot: accusations.subtracting(["port-held-by-foreign-process"]), loops: true),
        failing(
            "decoy-other-network", "nginx has the port in a network of its own, and the certificates are missing",
            [
                .shell(
                    "systemd-run --quiet --unit=nginx --property=PrivateNetwork=yes -- \(listener("0.0.0.0", 12443))"),
                .wait(
                    Condition(
                        "it listens there",
                        "nsenter --net=/proc/$(systemctl show --property=MainPID --value nginx)/ns/net ss -Hltn | "
                            + "grep -q ':12443 '")),
            ]),
        failing(
            "decoy-other-address", "a program has the port at an address that is none of the agent's",
            [
                .shell("ip address add 10.7.7.1/24 dev lo"),
                .shell("sed -i 's/bind: .*/bind: \"10.7.7.1\"/' /etc/linux_patch_api/config.yaml"),
                .shell("systemd-run --quiet --unit=billing -- \(listener("127.0.0.1", 12443))"),
                .wait(.listening("127.0.0.1:12443", "perl")),
            ], tolerates: ["cert-name-mismatch"]),
        failing(
            "decoy-udp", "a program has the port for UDP", [.datagrams, .wait(hearing)], holds: [hearing]),
        failing(
            "decoy-words", "other programs have --enroll, and the agent's name, among their arguments",
            [
                .start(["sh", "-c", "sleep 1000 | grep -e --enroll linux-patch-api -"]),
                .start(["perl", "-e", "sleep 1000", "linux-patch-api", "--enroll", "https://manager.example"]),
                .session("perl -e 'sleep 1000' notes-about-enroll --enroll"),
                .wait(Condition("they run", "test $(pgrep --count --full -- '--enroll') -ge 3")),
            ], mustNot: ["enrollment-orphaned"]),
        failing(
            "decoy-second-unit", "a second unit runs the same program on another port",
            [.secondUnit, .wait(.listening("0.0.0.0:12444", "linux-patch-api"))]),
        Scenario(
            "decoy-words-on-port", "a foreign program that holds the port is called with the agent's words",
            steps: [
                .package, .quickLoop, .certificates("good"),
                .shell(
                    "systemd-run --quiet --unit=billing -- \(listener("0.0.0.0", 12443)) linux-patch-api --enroll "
                        + "https://manager.example"),
                .wait(.listening("0.0.0.0:12443", "perl")), .loop("Address already in use"),
            ],
            holds: [.waitsForRestart, .listening("0.0.0.0:12443", "perl")],
            expect: [.root("port-held-by-foreign-process", subject: Condition.holder()), .endlessLoop],
            mustNot: ["port-held-by-enrollment", "port-held-by-stray-agent", "enrollment-orphaned"], loops: true),
        failing(
            "decoy-namesake", "another program of the same name, with the same words, runs in a session",
            [
                .shell("install -m 0755 /usr/bin/perl /home/ada/linux-patch-api"),
                .session("./linux-patch-api -e 'sleep 1000' -- --enroll https://manager.example"),
                .wait(Condition("it runs", "pgrep --exact linux-patch-api --uid ada")),
            ], mustNot: ["enrollment-orphaned"]),
        Scenario(
            "decoy-time-wait-alone", "connections linger in TIME_WAIT, and the latest attempts fail on something else",
            steps: [
                .package, .quickLoop, .certificates("good"), .mode("no-reuseaddr close-first"), .startUnit,
                .wait(.serves), .knock, .wait(lingering),
                .shell("rm /etc/linux_patch_api/certs/ca.pem; systemctl restart \(Condition.unit)"),
                .wait(.restarts(atLeast: 2)),
            ],
            holds: [.waitsForRestart, .nobodyListens(), lingering, .lately("TLS CA certificate not found")],
            expect: [.root("cert-missing"), .endlessLoop], mustNot: accusations, loops: true),
        Scenario(
            "decoy-killed-before", "the agent was killed once and ran again, and now its certificate is missing",
            steps: [
                .package, .quickLoop, .certificates("good"), .startUnit, .wait(.serves),
                .shell("systemctl kill --signal=SEGV \(Condition.unit)"), .wait(.restarts(atLeast: 1)), .wait(.serves),
                .shell("rm /etc/linux_patch_api/certs/ca.pem; systemctl restart \(Condition.unit)"),
                .wait(.logged("TLS CA certificate not found")), .wait(.restarts(atLeast: 2)),
            ],
            holds: [.waitsForRestart, .lately("TLS CA certificate not found")],
            expect: [.root("cert-missing"), .endlessLoop],
            // Minutes ago: it belongs to the same story.
            tolerates: ["killed-by-signal"], loops: true),
    ]

    private static let besideHealth: [Scenario] = [
        healthy(
            "decoy-ca-rotated", "the CA file holds the lapsed CA beside the one that counts, and a foreign one",
            [
                .package, .certificates("good"),
                .shell(
                    """
                    cd /etc/linux_patch_api/certs && cat \(LabFiles.certificatesInside)/lapsed/ca.pem ca.pem \
                        \(LabFiles.certificatesInside)/impostor/ca.pem >all.pem && mv all.pem ca.pem
                    """), .startUnit, .wait(.serves),
            ], holds: [.openssl("verify -CAfile ca.pem server.pem", says: "OK")],
            mustNot: ["cert-expired", "cert-untrusted"]),
        healthy(
            "decoy-other-revoked", "the revocation list names another certificate than the agent's",
            [
                .package, .certificates("good"),
                .shell("install -m 0644 \(LabFiles.certificatesInside)/revoked/crl.pem /etc/linux_patch_api/certs"),
                .configuration(("\n\njobs:", "\n  crl_path: \"/etc/linux_patch_api/certs/crl.pem\"\n\njobs:")),
                .startUnit, .wait(.serves),
            ],
            holds: [
                .openssl("crl -in crl.pem -noout -text", says: "Revoked Certificates:"),
                .openssl("verify -crl_check -CRLfile crl.pem -CAfile ca.pem server.pem", says: "OK"),
            ], mustNot: ["cert-revoked"]),
        healthy(
            "decoy-configuration-words",
            "the configuration has keys that nobody knows, and comments that look like keys",
            [
                .package, .certificates("good"),
                .configuration(("logging:", "# port: https\nnew_feature:\n  level: [1, 2]\nlogging:")), .startUnit,
                .wait(.serves),
            ], holds: [], mustNot: ["config-invalid"]),
        healthy(
            "decoy-wanted-failed", "a unit that the service wants, and does not require, failed",
            [
                .package, .certificates("good"),
                .write("/etc/systemd/system/database.service", "[Service]\nType=oneshot\nExecStart=/usr/bin/false\n"),
                .dropIn("30-wants", "[Unit]\nWants=database.service\nAfter=database.service"), .startUnit,
                .wait(.serves),
            ], holds: [.property("ActiveState", "failed", of: "database.service")], mustNot: ["dependency-failed"]),
        healthy(
            "decoy-previous-boot", "the loop was in the boot before this one",
            [
                .package, .quickLoop, .shell("mkdir -p /var/log/journal && journalctl --flush"),
                .loop("TLS CA certificate not found"), .certificates("good"), .reboot, .wait(.serves),
            ],
            holds: [
                .property("NRestarts", "0"),
                Condition(
                    "the boot before tells of the loop",
                    "journalctl --quiet --boot=-1 --unit=\(Condition.unit) | grep -qF 'TLS CA certificate not found'"),
            ], mustNot: ["cert-missing", "exit-code-loop"]),
        Scenario(
            "decoy-expired-file", "the file on the disk expired long ago, what the agent serves did not",
            steps: [.package, .certificates("good"), .startUnit, .wait(.serves), .certificates("expired")],
            holds: [
                .active, .serves, .openssl("verify -CAfile ca.pem server.pem", says: "certificate has expired"),
                Condition(
                    "what is served is valid",
                    "openssl s_client -connect 127.0.0.1:12443 </dev/null 2>/dev/null | openssl x509 -noout -checkend 0"
                ),
            ],
            expect: [.risk("cert-expired"), .risk("served-cert-stale")], mustNot: ["cert-key-mismatch"],
            tolerates: ["start-limit-ineffective"], verdicts: ["healthy", "undetermined"]),
        healthy(
            "decoy-healthy-other-address", "a program has the port at an address that is none of the agent's",
            [
                .package, .certificates("good"), .shell("ip address add 10.7.7.1/24 dev lo"),
                .shell("sed -i 's/bind: .*/bind: \"10.7.7.1\"/' /etc/linux_patch_api/config.yaml"),
                .shell("systemd-run --quiet --unit=billing -- \(listener("127.0.0.1", 12443))"), .startUnit,
                .wait(.listening("10.7.7.1:12443", "linux-patch-api")),
            ], holds: [.listening("127.0.0.1:12443", "perl")], tolerates: ["cert-name-mismatch"], serves: false),
        healthy(
            "decoy-healthy-neighbours",
            "UDP, another network, a second unit and other programs' words beside a good service",
            [
                .package, .certificates("good"), .datagrams, .secondUnit,
                .shell(
                    "systemd-run --quiet --unit=nginx --property=PrivateNetwork=yes -- \(listener("0.0.0.0", 12443))"),
                .start(["perl", "-e", "sleep 1000", "linux-patch-api", "--enroll"]), .startUnit,
            ], holds: [hearing, .listening("0.0.0.0:12444", "linux-patch-api")], mustNot: ["enrollment-orphaned"]),
        healthy(
            "decoy-restarted", "somebody restarted the service a few times, and its connections linger",
            [
                .package, .certificates("good"), .mode("close-first"), .startUnit, .wait(.serves), .knock,
                .shell("systemctl restart \(Condition.unit)"), .wait(.serves), .knock,
                .shell("systemctl restart \(Condition.unit)"), .wait(.serves), .mode(""),
                .shell("systemctl restart \(Condition.unit)"),
            ], holds: [lingering]),
    ]

    /// Certificates that are missing, beside what has nothing to do with it.
    private static func failing(
        _ id: String, _ name: String, _ steps: [Step], holds: [Condition] = [], mustNot: Set<String> = [],
        tolerates: Set<String> = []
    ) -> Scenario {
        Scenario(
            id, name, steps: [.package, .quickLoop] + steps + [.loop("TLS CA certificate not found")],
            holds: [.waitsForRestart] + holds, expect: [.root("cert-missing"), .endlessLoop],
            mustNot: accusations.union(mustNot), tolerates: tolerates, loops: true)
    }

    private static func healthy(
        _ id: String, _ name: String, _ steps: [Step], holds: [Condition], mustNot: Set<String> = [],
        tolerates: Set<String> = [], serves: Bool = true
    ) -> Scenario {
        Scenario(
            id, name, steps: steps + [.wait(.outlived)], holds: [.active] + (serves ? [.serves] : []) + holds,
            expect: [],
            mustNot: accusations.union(mustNot), tolerates: tolerates.union(["start-limit-ineffective"]),
            verdicts: ["healthy"])
    }

    private static let lingering = Condition(
        "sockets of the port are in TIME_WAIT", "ss -Htan state time-wait 'sport = :12443' | grep -q .")
    private static let hearing = Condition(
        "somebody hears UDP on the port", "ss -Hlun 'sport = :12443' | grep -q .")

    /// A perl that listens there, as a command line of a shell.
    private static func listener(_ address: String, _ port: Int) -> String {
        let script =
            "socket(S, PF_INET, SOCK_STREAM, 0) or die; setsockopt(S, SOL_SOCKET, SO_REUSEADDR, 1); "
            + "bind(S, sockaddr_in(\(port), inet_aton(q(\(address))))) or die $!; listen(S, 5) or die $!; sleep;"
        return "/usr/bin/perl -MSocket=:all -e '\(script)'"
    }
}

extension Step {
    /// A client that connects, and waits until the agent ends the connection.
    static let knock = Step.shell(
        """
        perl -MSocket=:all -e 'socket(S, PF_INET, SOCK_STREAM, 0); connect(S, sockaddr_in(12443, INADDR_LOOPBACK)) or
            die $!; 1 while <S>'
        """)

    /// A program that hears UDP on the agent's port.
    static let datagrams = Step.shell(
        """
        systemd-run --quiet --unit=datagrams -- /usr/bin/perl -MSocket=:all -e \
            'socket(S, PF_INET, SOCK_DGRAM, 0) or die; bind(S, sockaddr_in(12443, INADDR_ANY)) or die $!; sleep;'
        """)

    /// The same program as a unit of its own, with its own configuration and port.
    static let secondUnit = Step.all([
        .shell(
            """
            set -e; install -d -m 0755 /etc/linux_patch_api_b && cd /etc/linux_patch_api_b
            cp -r \(LabFiles.certificatesInside)/good certs && chmod 0600 certs/server.key
            sed -e 's/12443/12444/' -e 's,/etc/linux_patch_api/certs,/etc/linux_patch_api_b/certs,' \
                /etc/linux_patch_api/config.yaml >config.yaml
            systemd-run --quiet --unit=linux-patch-api-b /usr/bin/linux-patch-api --config $PWD/config.yaml
            """)
    ])
}
