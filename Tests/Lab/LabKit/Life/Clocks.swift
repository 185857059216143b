extension ScenarioBook {
    /// A clock that is wrong: waited for, never answered by registering again.
    static let clocks: [Scenario] = [
        .agent(
            "agent-clock-ahead", "the host's clock is a year ahead before it enrolls",
            [.manager(), .shifted("+365d"), .enlisted(with: Step.faked), .started, .wait(.says("clock"))],
            holds: [.settled, .says("next try"), .registered(0)],
            doctor: [.root("manager-unreachable", or: "clock-unsynchronised", "cert-missing", "manager-untrusted")],
            tolerates: odd,
            cure: [.shifted("+0"), .pending, .approved], recovers: [.settled, .answers, .registered()]),
        .agent(
            "agent-clock-behind", "the host's clock is a year behind before it enrolls",
            [.manager(), .shifted("-365d"), .enlisted(with: Step.faked), .started, .wait(.says("clock"))],
            holds: [.settled, .says("next try"), .registered(0)],
            doctor: [.root("manager-unreachable", or: "clock-unsynchronised", "cert-missing", "manager-untrusted")],
            tolerates: odd,
            cure: [.shifted("+0"), .pending, .approved], recovers: [.settled, .answers, .registered()]),
        .agent(
            "agent-clock-behind-enrolled", "an enrolled host boots with a clock that is two years behind",
            [
                .shifted("+0"), .serving(with: Step.faked), .shifted("-730d"),
                .shell("systemctl restart \(Condition.unit)"),
                .wait(.says("valid only from")),
            ],
            holds: [.settled, .says("timedatectl"), .registered()],
            // The doctor's own clock is right here, so it sees good files.
            doctor: [.root("port-not-reachable")], tolerates: odd,
            cure: [.shifted("+0")], recovers: [.settled, .answers, .registered()]),
        .agent(
            "agent-clock-ahead-enrolled", "an enrolled host boots with a clock that is two years ahead",
            [
                .shifted("+0"), .serving(with: Step.faked), .shifted("+730d"),
                .shell("systemctl restart \(Condition.unit)"),
                .wait(.says("clock")),
            ],
            holds: [.settled, .says("next try"), .registered()],
            doctor: [], tolerates: odd, verdicts: ["healthy", "unhealthy", "undetermined"],
            cure: [.shifted("+0")], recovers: [.settled, .answers, .registered()]),
    ]

    private static let odd: Set<String> = [
        "cert-missing", "manager-untrusted", "manager-unreachable", "enrollment-pending", "cert-not-yet-valid",
        "cert-expired",
    ]
}

extension Step {
    /// Another time, read from a file whenever the program asks for it.
    static let faked = """
        Environment=LD_PRELOAD=/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1
        Environment=FAKETIME_TIMESTAMP_FILE=/var/lib/lab-clock FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1

        """

    /// What those see from now on who are shown a false time.
    static func shifted(_ offset: String) -> Step {
        .shell("echo '\(offset)' >/var/lib/lab-clock.new && mv /var/lib/lab-clock.new /var/lib/lab-clock")
    }

    /// In the place of the certificate that is served comes one of the same key and CA that was made three hundred days
    /// ago and has four left: it is taken over, and due.
    static let aged = Step.shell(
        """
        set -e; cd /opt/lab; certs=/etc/linux_patch_api/certs; ca=\(managerDirectory)
        openssl req -new -key $certs/server.key.pem -subj /CN=lab-server -out aged.csr
        printf '%s\\n' subjectAltName=IP:127.0.0.1,DNS:lab extendedKeyUsage=serverAuth \
            authorityKeyIdentifier=keyid basicConstraints=CA:FALSE >aged.ext
        LD_PRELOAD=/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1 FAKETIME=-300d openssl x509 -req \
            -in aged.csr -CA $ca/ca.pem -CAkey $(ls $ca/ca*.key* | head -n 1) -days 304 -extfile aged.ext -out aged.pem
        mv aged.pem $certs/server.pem
        """)
}
