extension ScenarioBook {
    /// What a person changes while the agent waits or after it died, and what is to come of it.
    static let changes: [Scenario] = [
        .agent(
            "agent-paths-changed", "the certificates' place is changed while the request waits",
            [
                .enrolling(), .pending,
                .shell("sed -i 's|_patch_api/certs/|_patch_api/pki/|' /etc/linux_patch_api/config.yaml"), .reloaded,
                .wait(.logged("the configuration has changed")), .pending,
            ],
            holds: [.settled, .registered()],
            doctor: [.root("enrollment-pending")], tolerates: ["cert-missing"],
            cure: [.approved],
            recovers: [
                .settled, .answers, .registered(), .exists("/etc/linux_patch_api/pki/server.pem"),
                .shell("nothing lies where it was to be before", "! test -e \(certificate)"),
            ]),
        .agent(
            "agent-ca-corrected", "the file with the manager's CA held another one",
            [
                .pki(to: "/opt/lab/other"), .manager(), .shell("cp /opt/lab/other/ca.pem /opt/lab/manager-ca.pem"),
                .enlisted([AgentLine("manager_ca", "/opt/lab/manager-ca.pem")]), .started,
                .wait(.says("is not trusted")),
            ],
            holds: [.settled, .registered(0)],
            doctor: [.root("manager-untrusted")], tolerates: ["cert-missing"],
            cure: [
                .shell("cp \(Step.managerDirectory)/ca.pem /opt/lab/manager-ca.pem"), .reloaded, .pending, .approved,
            ],
            recovers: [.settled, .answers, .registered()]),
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
        .agent(
            "agent-address-late", "the address to listen on comes after the agent",
            [
                .agent(),
                .write("/etc/linux_patch_api/whitelist.yaml", "entries:\n  - 192.0.2.77\n", mode: "0640"),
                .pki("--address 192.0.2.77"), .copied("ca.pem"), .copied("server.pem"),
                .copied("server.key.pem"),
                .shell("sed -i 's/^  bind: .*/  bind: 192.0.2.77/' /etc/linux_patch_api/config.yaml"),
                .started, .wait(.says("cannot listen on 192.0.2.77")),
            ],
            holds: [.settled, .nobodyListens()],
            doctor: [.root("listen-address-unavailable")], tolerates: ["crl-missing"],
            cure: [.shell("ip address add 192.0.2.77/32 dev lo")],
            recovers: [.settled, .listening("192.0.2.77:12443", "linux-patch-api"), .saysNot("cannot listen")]),
        .agent(
            "agent-descriptors", "it runs out of descriptors, since a client holds many connections",
            [
                .agent(with: "LimitNOFILE=48\n"), .loopbackAdmitted, .pki(), .copied("ca.pem"), .copied("server.pem"),
                .copied("server.key.pem"), .started, .wait(.answersByHand),
                .start([
                    "bash", "-c",
                    "for turn in $(seq 60); do exec {held}<>/dev/tcp/127.0.0.1/12443; done; sleep 5",
                ]),
                .wait(.logged("cannot accept connections: too many open files")), .wait(.answersByHand, within: 60),
            ],
            holds: [.settled, .serves, .answersByHand], doctor: [], tolerates: ["crl-missing"],
            verdicts: ["healthy", "unhealthy"]),
        .agent(
            "agent-port-lost", "somebody destroys its listening socket",
            [
                .agent(), .loopbackAdmitted, .pki(), .copied("ca.pem"), .copied("server.pem"),
                .copied("server.key.pem"), .started, .wait(.answersByHand),
                .shell("ss --kill --listening --tcp 'sport = :12443'"), .wait(.logged("listening again")),
            ],
            holds: [.settled, .serves, .answersByHand], doctor: [], tolerates: ["crl-missing"], verdicts: ["healthy"]),
    ]

    private static let certificate = "/etc/linux_patch_api/certs/server.pem"
    private static let answer = "/var/lib/linux_patch_api/enrollment/answer.json"
}
