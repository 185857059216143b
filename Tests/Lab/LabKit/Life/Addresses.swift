extension ScenarioBook {
    /// Addresses of both kinds, and several sockets that systemd holds.
    static let addresses: [Scenario] = [
        .agent(
            "agent-dual-stack", "it listens for IPv6 and, by that, for IPv4",
            [
                .agent(), bothAdmitted,
                .shell("sed -i 's/^  bind: .*/  bind: \"::\"/' /etc/linux_patch_api/config.yaml"),
                .pki(), .copied("ca.pem"), .copied("server.pem"), .copied("server.key.pem"), .started,
            ],
            holds: [
                .settled, .serves, .listening("*:12443", "linux-patch-api"), served(at: "127.0.0.1:12443"),
                served(at: "[::1]:12443"), .says("listening on [::]:12443"),
            ],
            doctor: [], tolerates: ["crl-missing"], verdicts: ["healthy"]),
        .agent(
            "agent-sockets", "systemd holds a socket for each kind of address",
            [
                .agent(), bothAdmitted, .pki(), .copied("ca.pem"), .copied("server.pem"), .copied("server.key.pem"),
                .write(
                    "/etc/systemd/system/linux-patch-api.socket.d/10-both.conf",
                    "[Socket]\nBindIPv6Only=ipv6-only\nListenStream=[::]:12443\n"),
                .shell("systemctl daemon-reload && systemctl enable --quiet --now linux-patch-api.socket"),
                // A connection starts it.
                .wait(served(at: "[::1]:12443")),
            ],
            holds: [
                .settled, served(at: "127.0.0.1:12443"), served(at: "[::1]:12443"), .logged("socket held by systemd"),
                .listening("0.0.0.0:12443", "linux-patch-api"), .listening("[::]:12443", "linux-patch-api"),
            ],
            doctor: [], tolerates: ["crl-missing"], verdicts: ["healthy"]),
    ]

    private static let bothAdmitted = Step.write(
        "/etc/linux_patch_api/whitelist.yaml", "entries:\n  - 127.0.0.1\n  - \"::1\"\n", mode: "0640")

    private static func served(at address: String) -> Condition {
        .shell(
            "a client of the same CA is served at \(address)",
            "\(Condition.request(at: address, "-cert /opt/lab/pki/client.pem -key /opt/lab/pki/client.key")) "
                + "| grep -q 'HTTP/1.1 200'")
    }
}
