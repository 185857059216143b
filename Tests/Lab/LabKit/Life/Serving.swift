extension ScenarioBook {
    /// Who is let in, and what goes on while clients are served.
    static let serving: [Scenario] = [
        .agent(
            "agent-copied-in", "an admin copies the files in, one after the other, the certificate last",
            [
                .agent(), .loopbackAdmitted, .pki(), .started, .wait(.says("not there")), .copied("ca.pem"),
                .copied("server.key.pem"), .wait(.says("not there: /etc/linux_patch_api/certs/server.pem")),
            ],
            holds: [.settled, .nobodyListens()],
            doctor: [.root("cert-missing")], tolerates: ["crl-missing"],
            cure: [.copied("server.pem")], recovers: [.settled, .answersByHand, .serves]),
        .agent(
            "agent-foreign-key", "the key that was copied in is another certificate's",
            [
                .agent(), .loopbackAdmitted, .pki(), .pki(to: "/opt/lab/other"), .copied("ca.pem"),
                .copied("server.pem"),
                .copied("server.key.pem", from: "/opt/lab/other"), .started, .wait(.says("waiting, not serving")),
            ],
            holds: [.settled, .nobodyListens(), .says("key")],
            doctor: [.root("cert-key-mismatch")], tolerates: ["crl-missing"],
            cure: [.copied("server.key.pem")], recovers: [.settled, .answersByHand]),
        .agent(
            "agent-renews", "a renewal while clients are served without a pause",
            [
                .serving(), .start(["sh", "-c", clients(of: Step.managerDirectory)]),
                .wait(.exists("/run/lab-served-20")), .aged, .wait(.logged("enrolled: generation 3")),
                .shell("touch /run/lab-renewed"),
                .wait(.exists("/run/lab-served-after-20")),
            ],
            holds: [
                .settled, .serves, .registered(2), .shell("no client was refused", "! test -s /run/lab-dropped"),
                .shell("the new one lasts", "openssl x509 -in \(leaf) -noout -checkend 8640000"),
                .logged("new certificate taken over without a restart"),
            ],
            doctor: [], verdicts: ["healthy"]),
        .agent(
            "agent-copied-over", "an admin copies new files over the old ones while it serves",
            [
                .agent(), .loopbackAdmitted, .pki(), .shell("cp -r /opt/lab/pki /opt/lab/first"), .copied("ca.pem"),
                .copied("server.pem"), .copied("server.key.pem"), .started, .wait(.answersByHand),
                .pki(to: "/opt/lab/other"), .copied("server.key.pem", from: "/opt/lab/other"),
                .wait(.says("the files on disk can't be used")),
            ],
            holds: [.settled, .answersByHand, .serves],
            doctor: [.any("cert-key-mismatch")], tolerates: ["crl-missing", "served-cert-stale"],
            verdicts: ["healthy", "unhealthy"],
            cure: [.copied("ca.pem", from: "/opt/lab/other"), .copied("server.pem", from: "/opt/lab/other")],
            recovers: [
                .settled, .shell("the new CA's client is served", "\(Condition.dial("/opt/lab/other")) >/dev/null"),
                .logged("new certificate taken over without a restart"),
            ]),
        .agent(
            "agent-refuses", "clients that may not come in, over real handshakes",
            [
                .serving(), .pki(to: "/opt/lab/other"),
                .shell("cd \(Step.managerDirectory) && manager issue intruder --client --directory /opt/lab/revoked"),
                .wait(handshake("", certificate: "/opt/lab/revoked/client", isRefused: false)),
                .shell("manager revoke $(openssl x509 -in /opt/lab/revoked/client.pem -noout -serial | cut -d= -f2)"),
                client("timely", days: 1), client("late", days: -1),
                listRefreshed,
            ],
            holds: [
                .settled, .answers, handshake("", certificate: nil, isRefused: true),
                handshake("", certificate: "/opt/lab/other/client", isRefused: true),
                handshake("-tls1_2", certificate: "\(Step.managerDirectory)/client", isRefused: true),
                handshake("-tls1_3", certificate: "\(Step.managerDirectory)/client", isRefused: false),
                handshake("", certificate: "/opt/lab/revoked/client", isRefused: true),
                handshake("", certificate: "/opt/lab/timely", isRefused: false),
                handshake("", certificate: "/opt/lab/late", isRefused: true),
            ],
            doctor: [], verdicts: ["healthy"]),
        .agent(
            "agent-list-expired", "the manager's revocation list is out of date",
            [.enrolling(misbehave: "expired-crl", options: "--approve-all"), .wait(.says("listening on"))],
            holds: [.settled, .answers, .serves],
            doctor: [.risk("crl-expired")], verdicts: ["healthy"],
            cure: [.orders("misbehave off")],
            recovers: [
                .settled, .answers,
                .shell("the list is valid again", "manager dial 127.0.0.1 | grep -q '\"crl_status\":\"valid\"'"),
            ]),
    ]

    /// A client's certificate of the manager's CA that ends after so many days, or has ended.
    private static func client(_ name: String, days: Int) -> Step {
        .shell(
            """
            cd /opt/lab && cp revoked/client.key \(name).key && printf 'extendedKeyUsage=clientAuth\\n' >client.ext &&
                openssl req -new -key \(name).key -subj /CN=\(name) -out \(name).csr &&
                openssl x509 -req -in \(name).csr -CA \(Step.managerDirectory)/ca.pem -extfile client.ext \
                    -CAkey $(ls \(Step.managerDirectory)/ca*.key* | head -n 1) -days \(days) -out \(name).pem
            """)
    }

    private static let leaf = "/etc/linux_patch_api/certs/server.pem"

    /// Connections one after the other, each a new handshake; who is not served leaves a line.
    private static func clients(of directory: String) -> String {
        let address = "-connect 127.0.0.1:12443 -CAfile \(directory)/ca.pem"
        return """
            before=0; after=0
            until test -e /run/lab-served-after-20; do
                answer=$(printf 'GET /api/v1/health HTTP/1.1\\r\\nHost: lab\\r\\nConnection: close\\r\\n\\r\\n' |
                    openssl s_client \(address) -cert \(directory)/client.pem -key \(directory)/client.key \
                    -quiet -ign_eof 2>&1)
                case $answer in *'HTTP/1.1 200'*) ;; *) echo "$answer" >>/run/lab-dropped;; esac
                if test -e /run/lab-renewed; then after=$((after + 1)); touch /run/lab-served-after-$after
                else before=$((before + 1)); touch /run/lab-served-$before; fi
            done
            """
    }

    /// The list that is in force names the client that was revoked.
    private static let listRefreshed = Step.all([
        .shell("rm /etc/linux_patch_api/certs/crl.pem && systemctl restart \(Condition.unit)"),
        .wait(
            .shell(
                "the list was fetched",
                "openssl crl -in /etc/linux_patch_api/certs/crl.pem -noout -text | grep -q 'Serial Number'"), within: 30
        ),
        .wait(.answers),
    ])

    private static func handshake(_ options: String, certificate: String?, isRefused: Bool) -> Condition {
        let identity = certificate.map { "-cert \($0).pem -key \($0).key" } ?? ""
        return .shell(
            "\(certificate ?? "a client without a certificate") \(options) is \(isRefused ? "refused" : "served")",
            "\(isRefused ? "! " : "")\(Condition.request("\(options) \(identity)")) | grep -q 'HTTP/1.1 200'")
    }
}
