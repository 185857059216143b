extension ScenarioBook {
    /// Who is believed to be the manager, and what it hands out.
    static let managers: [Scenario] = [
        .agent(
            "agent-untrusted", "nothing vouches for the manager's certificate",
            [
                .manager(), .agent(), .configured([.manager, .reportedAddress]), .started,
                .wait(.says("cannot use the manager")),
            ],
            holds: [.settled, .says("enrollment.manager_fingerprint: sha256:"), .registered(0)],
            doctor: [.root("manager-untrusted")], tolerates: ["cert-missing"],
            cure: [pinned, .reloaded, .pending, .approved], recovers: [.settled, .answers, .registered()]),
        .agent(
            "agent-pinned", "the manager is pinned, and one day shows another key",
            [
                .manager(), .agent(), .configured([.manager, .reportedAddress]), .started,
                .wait(.says("enrollment.manager_fingerprint: sha256:")), pinned, .reloaded, .pending,
                .orders("misbehave tls=other-ca"), .wait(.says("cannot use the manager")),
            ],
            holds: [.settled, .says("the request stands there"), .registered()],
            doctor: [.root("manager-untrusted")], tolerates: ["cert-missing"],
            cure: [.orders("misbehave off"), .pending, .approved], recovers: [.settled, .answers, .registered()]),
        .agent(
            "agent-first-contact", "whoever answers is taken for the manager, on request and loudly",
            [
                .manager("--approve-all"), .agent(), .configured([.manager, .reportedAddress, .openly]), .started,
                .wait(.answers),
            ],
            holds: [.settled, .serves, .logged("insecure_first_contact is true")],
            doctor: [], verdicts: ["healthy"]),
        .agent(
            "agent-manager-expired", "the manager's own certificate has expired",
            [.enrolling(misbehave: "tls=expired"), .wait(.saysNot("registering"))],
            holds: [.settled, .says("next try"), .registered(0)],
            doctor: [.root("manager-untrusted", or: "clock-unsynchronised")], tolerates: ["cert-missing"],
            cure: [.orders("misbehave off"), .pending, .approved], recovers: [.settled, .answers, .registered()]),
        .agent(
            "agent-manager-misnamed", "the manager's certificate is for another name",
            [.enrolling(misbehave: "tls=wrong-name"), .wait(.says("cannot use the manager"))],
            holds: [.settled, .says("next try"), .registered(0)],
            doctor: [.root("manager-untrusted")], tolerates: ["cert-missing"],
            cure: [.orders("misbehave off"), .pending, .approved], recovers: [.settled, .answers, .registered()]),
        .agent(
            "agent-answer-lost", "the bundle was handed out, and the line broke before it arrived",
            [
                .enrolling(), .pending, .orders("misbehave status:lost-response*1", "approve lab"),
                .wait(.says("is gone")),
            ],
            holds: [.settled, .says("delete it there"), .registered()],
            doctor: [.root("enrollment-denied")], tolerates: ["cert-missing"],
            cure: [.orders("forget lab"), .reloaded, .pending, .approved],
            recovers: [.settled, .answers, .registered(2)]),
        refused("wrong-key", "is for another certificate than the key"),
        refused("wrong-ca", "was signed by another CA than comes with it"),
        refused("expired-leaf", "has expired"),
        refused("ca-leaf", "is a CA's"),
        refused("client-leaf", "is for clients only"),
        refused("revoked-leaf", "is on the list that comes with it"),
        .agent(
            "agent-bundle-refused-renewal", "a renewal brings a key of another certificate while the old one serves",
            [
                .serving(), .orders("misbehave wrong-key"), .aged, .shell("\(sums) >/run/lab-before"),
                .wait(.says("was refused")),
            ],
            holds: [
                .settled, .answers, .serves, .says("listening on 0.0.0.0:12443"),
                .shell("the files are the old ones", "\(sums) | cmp -s - /run/lab-before"),
            ],
            doctor: [.risk("bundle-refused")], tolerates: ["cert-expiring-soon"], verdicts: ["healthy"],
            cure: [.orders("misbehave off"), .reloaded],
            recovers: [
                .settled, .answers, .shell("the files are new", "! { \(sums) | cmp -s - /run/lab-before; }"),
            ]),
        .agent(
            "agent-not-yet-valid", "the manager's clock is an hour ahead, and its certificate begins then",
            [.enrolling(misbehave: "future-leaf"), .pending, .approved, .wait(.says("valid from"))],
            holds: [.settled, .nobodyListens(), .registered()],
            doctor: [.root("cert-not-yet-valid", or: "clock-unsynchronised", "cert-missing")],
            tolerates: ["cert-missing"]),
    ]

    private static let sums = "cd /etc/linux_patch_api/certs && sha256sum ca.pem server.pem server.key.pem"

    /// The line that the status shows, put where it says.
    private static let pinned = Step.shell(
        """
        set -e; status=$(systemctl show --property=StatusText --value \(Condition.unit))
        line=$(echo "$status" | grep -o 'enrollment.manager_fingerprint: sha256:[0-9a-f]*' | head -n 1)
        sed -i "s/^  # manager_fingerprint: .*/  manager_fingerprint: \\"${line#*: }\\"/" /etc/linux_patch_api/config.yaml
        """)

    /// A bundle that would not serve: nothing is replaced, and the next approval cures it.
    private static func refused(_ fault: String, _ words: String) -> Scenario {
        .agent(
            "agent-bundle-\(fault)", "the certificate that the manager hands out \(words)",
            [.enrolling(misbehave: fault), .pending, .approved, .wait(.says("was refused"))],
            holds: [
                .settled, .says("the files in place stay"), .nobodyListens(), .registered(),
                .shell("nothing was published", "test -z \"$(ls -A /etc/linux_patch_api/certs)\""),
            ],
            doctor: [.root("bundle-refused")], tolerates: ["cert-missing"],
            cure: [.orders("misbehave off", "forget lab"), .reloaded, .pending, .approved],
            recovers: [.settled, .answers, .registered(2)])
    }
}

extension AgentLine {
    static let openly = AgentLine("insecure_first_contact", "true")
}
