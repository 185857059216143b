extension ScenarioBook {
    /// Who has the port instead of the service, in every way that keeps it from binding.
    static let port: [Scenario] = [
        Scenario(
            "port-foreign", "a foreign service listens on the port",
            steps: ready + [.foreignListener(), .loop("Address already in use")],
            holds: [
                .waitsForRestart, .listening("0.0.0.0:12443", "perl"), .heldOutsideUnit(cgroup: "billing.service"),
            ],
            expect: [.root("port-held-by-foreign-process", subject: Condition.holder()), .endlessLoop],
            mustNot: ["port-held-by-stray-agent", "port-held-by-enrollment", "port-blocked-by-time-wait"], loops: true),
        Scenario(
            "port-foreign-dual-stack", "a foreign service listens on the port for IPv6 and, by that, for IPv4",
            steps: ready + [.foreignListener(family: .dualStack), .loop("Address already in use")],
            holds: [
                .waitsForRestart, .listening("*:12443", "perl"),
                Condition("no IPv4 socket listens", "! grep -q ':309B 00000000:0000 0A' /proc/net/tcp"),
            ],
            expect: [.root("port-held-by-foreign-process", subject: Condition.holder()), .endlessLoop], loops: true),
        Scenario(
            "port-stray-ipv6", "another agent listens for IPv6 alone, which is what the unit's agent wants too",
            steps: ready + [
                .shell("sed -i 's/bind: .*/bind: \"::\"/' /etc/linux_patch_api/config.yaml"), .mode("ipv6"),
                .stray("OLD_AGENT_MODE=ipv6"), .wait(.listening("[::]:12443")),
                .loop("Address already in use"),
            ],
            holds: [.waitsForRestart, .listening("[::]:12443", "linux-patch-api")],
            expect: [.root("port-held-by-stray-agent", subject: Condition.holder()), .endlessLoop], loops: true),
        Scenario(
            "port-stray", "another agent, started by hand, listens on the port",
            steps: ready + [.stray(), .wait(.listening("0.0.0.0:12443")), .loop("Address already in use")],
            holds: [
                .waitsForRestart, .listening("0.0.0.0:12443", "linux-patch-api"),
                .heldOutsideUnit(cgroup: "session-"),
            ],
            expect: [.root("port-held-by-stray-agent", subject: Condition.holder()), .endlessLoop],
            mustNot: ["port-held-by-enrollment", "port-held-by-foreign-process"], loops: true),
        Scenario(
            "port-stray-several", "two other agents share the port with SO_REUSEPORT",
            steps: ready + [
                .stray("OLD_AGENT_MODE=reuseport"), .stray("OLD_AGENT_MODE=reuseport"),
                .wait(twoListeners), .loop("Address already in use"),
            ],
            holds: [.waitsForRestart, twoListeners],
            expect: [.root("port-held-by-stray-agent", count: 2), .endlessLoop], loops: true),
        Scenario(
            "port-inherited", "a child that the dead agent left behind keeps its listening descriptor",
            steps: ready + [
                .mode("fork-child"), .dropIn("30-kill", "[Service]\nKillMode=process"), .startUnit,
                .wait(.listening("0.0.0.0:12443", "sleep")), .wait(.listening("0.0.0.0:12443", "linux-patch-api")),
                .shell("systemctl kill --kill-whom=main --signal=KILL \(Condition.unit)"),
                .wait(.portInUse), .wait(.restarts(atLeast: 2)),
            ],
            holds: [
                .waitsForRestart, .listening("0.0.0.0:12443", "sleep"),
                .heldOutsideUnit(cgroup: "system.slice/linux-patch-api.service"),
            ],
            expect: [
                .root("port-held-by-leftover", subject: Condition.holder()), .endlessLoop,
            ],
            mustNot: ["port-held-by-foreign-process", "port-held-by-stray-agent"],
            // Which is how the agent ended before its child stood in the way.
            tolerates: ["killed-by-signal"], loops: true),
        Scenario(
            "port-socket-unit", "systemd itself listens on the port for a socket unit",
            steps: ready + [
                .write(
                    "/etc/systemd/system/billing.socket",
                    "[Socket]\nListenStream=0.0.0.0:12443\n[Install]\nWantedBy=sockets.target\n"),
                .write("/etc/systemd/system/billing.service", "[Service]\nExecStart=/usr/bin/sleep infinity\n"),
                .shell("systemctl daemon-reload && systemctl start billing.socket"), .loop("Address already in use"),
            ],
            holds: [.waitsForRestart, .listening("0.0.0.0:12443", "\"systemd\",pid=1,")],
            expect: [.root("port-held-by-socket-unit", subject: "echo billing.socket"), .endlessLoop],
            mustNot: ["port-held-by-foreign-process"], loops: true),
        Scenario(
            "port-hidden", "a process of another PID namespace listens on the port",
            steps: ready + [
                .hidden(perlListener(.ipv4)), .wait(.listening("0.0.0.0:12443")), .loop("Address already in use"),
            ],
            holds: [
                .waitsForRestart, .listening("0.0.0.0:12443"),
                Condition("no process in sight holds it", "! ss -Hltnp 'sport = :12443' | grep -q pid="),
            ],
            expect: [.root("port-holder-hidden"), .endlessLoop],
            mustNot: ["port-held-by-foreign-process", "port-held-by-stray-agent"], loops: true),
        Scenario(
            "port-bound-not-listening", "a process has bound the port and never listens",
            steps: ready + [
                .foreign("billing", perl("bind(S, sockaddr_in(12443, INADDR_ANY)) or die $!;")),
                .wait(Condition("the foreign program stands still", "systemctl is-active --quiet billing")),
                .loop("Address already in use"),
            ],
            holds: [
                .waitsForRestart, .nobodyListens(),
                Condition("no TCP socket of the port is to be seen", "test -z \"$(ss -Htan 'sport = :12443')\""),
            ],
            expect: [
                .root("port-bound-not-listening", subject: "systemctl show --property=MainPID --value billing"),
                .endlessLoop,
            ],
            mustNot: ["port-blocked-by-time-wait"], loops: true),
        Scenario(
            "port-used-by-client", "an outbound connection of another program has the port as its source port",
            steps: ready + [
                .foreign("target", perl("bind(S, sockaddr_in(9000, INADDR_ANY)) or die $!; listen(S, 5);")),
                .wait(.listening("0.0.0.0:9000")),
                .shell("sysctl --quiet --write net.ipv4.ip_local_port_range='12443 12443'"),
                .foreign("billing", perl("connect(S, sockaddr_in(9000, INADDR_LOOPBACK)) or die $!;")),
                .wait(clientConnected),
                .shell("sysctl --quiet --write net.ipv4.ip_local_port_range='32768 60999'"),
                .loop("Address already in use"),
            ],
            holds: [.waitsForRestart, .nobodyListens(), clientConnected],
            expect: [
                .root("port-used-by-client", subject: "systemctl show --property=MainPID --value billing"),
                .endlessLoop,
            ],
            mustNot: ["port-held-by-foreign-process"], loops: true),
        Scenario(
            "port-time-wait", "connections that the dead agent closed first still block its port",
            steps: ready + [
                .mode("no-reuseaddr close-first"), .startUnit, .wait(.serves),
                .shell(perl("connect(S, sockaddr_in(12443, INADDR_LOOPBACK)) or die $!; 1 while <S>; exit;").quoted),
                .wait(timeWait), .shell("systemctl kill --signal=KILL \(Condition.unit)"), .wait(.portInUse),
                .wait(.restarts(atLeast: 2)),
            ],
            holds: [.waitsForRestart, .nobodyListens(), timeWait],
            expect: [.root("port-blocked-by-time-wait"), .endlessLoop],
            mustNot: ["port-held-by-foreign-process", "port-holder-hidden", "port-used-by-client"],
            tolerates: ["killed-by-signal"], loops: true),
        Scenario(
            "port-loopback-only", "the agent listens, but for this host alone",
            steps: [
                .package, .configuration(("bind: \"0.0.0.0\"", "bind: \"127.0.0.1\"")), .certificates("good"),
                .startUnit,
            ],
            holds: [.active, .listening("127.0.0.1:12443", "linux-patch-api")],
            expect: [.root("port-not-reachable")], tolerates: ["start-limit-ineffective"]),
        Scenario(
            "port-other", "the agent listens on another port than the configured one",
            steps: ready + [.mode("port=12444"), .startUnit],
            holds: [.active, .listening("0.0.0.0:12444", "linux-patch-api"), .nobodyListens()],
            expect: [.root("port-not-reachable")], tolerates: ["start-limit-ineffective"]),
    ]

    /// Everything in order but the port.
    private static let ready: [Step] = [.package, .quickLoop, .certificates("good")]

    private static let twoListeners = Condition(
        "two sockets listen on the port", "test $(ss -Hltn 'sport = :12443' | wc -l) -eq 2")
    private static let timeWait = Condition(
        "sockets of the port are in TIME_WAIT", "ss -Htan state time-wait 'sport = :12443' | grep -q .")
    private static let clientConnected = Condition(
        "a connection has the port as its source", "ss -Htn state established 'sport = :12443' | grep -q ':9000'")
}

enum Family { case ipv4, ipv6Only, dualStack }

extension Step {
    /// A service of somebody else's: `billing.service`, listening on the agent's port.
    static func foreignListener(family: Family = .ipv4) -> Step {
        let address =
            switch family {
            case .ipv4: "0.0.0.0:12443"
            case .ipv6Only: "[::]:12443"
            case .dualStack: "*:12443"
            }
        return .all([.foreign("billing", perlListener(family)), .wait(.listening(address, "perl"))])
    }

    /// A program run by systemd as a service of this name.
    static func foreign(_ name: String, _ words: [String]) -> Step {
        .shell("systemd-run --quiet --unit=\(name) -- \(words.quoted)")
    }

    /// An agent started by hand, as root from a session.
    static func stray(_ environment: String = "") -> Step {
        .session("sudo \(environment) linux-patch-api --config /etc/linux_patch_api/config.yaml")
    }
}

/// A perl that opens a TCP socket S, does what it is told, and then stands still.
private func perl(_ script: String, domain: String = "PF_INET") -> [String] {
    ["/usr/bin/perl", "-MSocket=:all", "-e", "socket(S, \(domain), SOCK_STREAM, 0) or die $!; \(script) sleep;"]
}

private func perlListener(_ family: Family) -> [String] {
    let reuse = "setsockopt(S, SOL_SOCKET, SO_REUSEADDR, 1);"
    let listen = "listen(S, 5) or die $!;"
    if family == .ipv4 { return perl("\(reuse) bind(S, sockaddr_in(12443, INADDR_ANY)) or die $!; \(listen)") }
    let only = "setsockopt(S, IPPROTO_IPV6, IPV6_V6ONLY, \(family == .ipv6Only ? 1 : 0));"
    return perl(
        "\(reuse) \(only) bind(S, pack_sockaddr_in6(12443, IN6ADDR_ANY)) or die $!; \(listen)", domain: "PF_INET6")
}

extension [String] {
    /// As one command line of a shell.
    fileprivate var quoted: String {
        map { "'\($0.replacing("'", with: #"'\''"#))'" }.joined(separator: " ")
    }
}
