extension ScenarioBook {
    /// The configuration, the port, and two at once.
    static let agentStarts: [Scenario] = [
        .agent(
            "agent-configuration-broken", "the configuration can't be read",
            [
                .agent(), .write("/etc/linux_patch_api/config.yaml", "server: [\n", mode: "0640"), .started,
                .wait(.failed),
            ],
            holds: [
                .failed, .property("ExecMainStatus", "78"), .property("NRestarts", "0"),
                .logged("linux-patch-api --check"),
            ],
            doctor: [.root("config-invalid")], tolerates: ["cert-missing"],
            cure: [.configured([]), .started], recovers: [.settled, .says("waiting, not serving")],
            lingers: ["cert-missing"]),
        .agent(
            "agent-reload-broken", "a reload finds a configuration that can't be used",
            [
                .serving(),
                .shell("cp -p \(configurationPath) /run/lab-config && echo 'server: [' >\(configurationPath)"),
                .reloaded,
                .wait(.logged("the configuration in force stays")),
            ],
            holds: [.settled, .answers, .serves],
            doctor: [.any("config-invalid")], verdicts: ["healthy", "unhealthy"],
            cure: [.shell("cp -p /run/lab-config \(configurationPath)"), .reloaded], recovers: [.settled, .answers]),
        .agent(
            "agent-old-orphan", "an enrollment of the old agent was never ended and holds the port",
            [
                .agent(with: quickly), .loopbackAdmitted, .pki(), .copied("ca.pem"), .copied("server.pem"),
                .copied("server.key.pem"), oldOrphan, .started, .wait(.failed),
            ],
            holds: [
                .failed, .property("Result", "exit-code"), .logged("is held by"), .logged("--enroll"),
                .logged("sudo patch-doctor"), .property("NRestarts", "5"),
                .shell(
                    "it was started 5 times",
                    "test $(journalctl -qu linux-patch-api -o cat | grep -c ' starting, ') = 5"),
                .shell(
                    "no attempt says that it listens",
                    "! journalctl -qu linux-patch-api -o cat | grep -qi 'listening on'"),
            ],
            doctor: [.root("port-held-by-enrollment", subject: Condition.holder())],
            tolerates: ["crl-missing", "start-limit-hit", "start-limit-ineffective", "unit-file-changed"],
            cure: [
                .shell("kill $(\(Condition.holder()))"), .wait(.nobodyListens()),
                .shell("systemctl reset-failed \(Condition.unit)"), .wait(.property("NRestarts", "0")), .started,
            ],
            recovers: [.settled, .serves, .lasting], restarts: 5),
        .agent(
            "agent-socket", "systemd holds the port over twenty restarts",
            [
                .serving(),
                .shell("systemctl stop \(Condition.unit) && systemctl enable --quiet --now linux-patch-api.socket"),
                .dropIn("30-limit", "[Unit]\nStartLimitBurst=100"), .started, .wait(.answers),
                .start(["bash", "-c", knocking]), .wait(.exists("/run/lab-knocked")),
                .shell("for turn in $(seq 20); do systemctl restart \(Condition.unit) || exit 1; done"),
                .shell("touch /run/lab-done"), .wait(.answers),
            ],
            holds: [
                .settled, .answers, .logged("socket held by systemd"),
                .shell("nobody was refused", "! test -s /run/lab-refused && test $(cat /run/lab-knocked) -gt 20"),
            ],
            doctor: [], tolerates: ["unit-file-changed", "start-limit-ineffective"], verdicts: ["healthy"]),
        .agent(
            "agent-socket-waiting", "systemd holds the port, and there is nothing to serve yet",
            [
                .manager(), .enlisted(), .shell("systemctl enable --quiet --now linux-patch-api.socket"), .started,
                .pending,
            ],
            holds: [.settled, .listening("0.0.0.0:12443"), .registered()],
            doctor: [.root("enrollment-pending")], tolerates: ["cert-missing"],
            cure: [.approved], recovers: [.settled, .answers]),
        .agent(
            "agent-two-enrollments", "a person enrolls at a terminal while the service waits for approval",
            [.enrolling(), .pending, .shell("\(Step.byHand) >/run/lab-told 2>&1; echo $? >/run/lab-exit")],
            holds: [
                .settled, .registered(), .says("waiting for approval"),
                .shell("the exit status is 2", "grep -qx 2 /run/lab-exit"),
                .shell("it names who is at work", "grep -q 'another enrollment runs already' /run/lab-told"),
                .shell(
                    "it names the service's process",
                    "grep -q \"$(systemctl show --property=MainPID --value \(Condition.unit))\" /run/lab-told"),
            ],
            doctor: [.root("enrollment-pending")], tolerates: ["cert-missing"],
            cure: [.approved], recovers: [.settled, .answers, .registered()]),
        .agent(
            "agent-enrolled-by-hand", "a person enrolls at a terminal, twice, and the service waits for it",
            [
                .manager(), .enlisted(), .session("sudo \(Step.byHand)"),
                .wait(.managerSaw("POST /api/v1/enroll 202", atLeast: 1)), .started,
                .wait(.says("another process enrolls")),
                .wait(.shell("the session is there", "systemctl is-active --quiet run-user-1000.mount")),
                .shell("\(Step.byHand) >/run/lab-told 2>&1; echo $? >/run/lab-exit"),
            ],
            holds: [
                .settled, .registered(), .nobodyListens(), .shell("the second ends with 2", "grep -qx 2 /run/lab-exit"),
            ],
            doctor: [.root("enrollment-pending")], tolerates: ["cert-missing"],
            cure: [.approved], recovers: [.settled, .answers, .serves, .registered()]),
        .agent(
            "agent-enroll-ends", "an enrollment at a terminal ends, and the service is started by hand",
            [
                .manager("--approve-all"), .enlisted(),
                .shell("\(Step.byHand) >/run/lab-told 2>&1; echo $? >/run/lab-exit"),
            ],
            holds: [
                .inactive, .nobodyListens(), .shell("the exit status is 0", "grep -qx 0 /run/lab-exit"),
                .shell("it says how to start the service", "grep -q 'systemctl start linux-patch-api' /run/lab-told"),
                .shell("no process of it is left", "! pgrep -x linux-patch-api"),
            ],
            doctor: [], tolerates: ["service-gave-up-cleanly", "unit-disabled"],
            verdicts: ["healthy", "unhealthy", "undetermined"],
            cure: [.started], recovers: [.settled, .answers, .serves]),
        .agent(
            "agent-upgraded", "the old agent's polling token is in the configuration",
            [
                .manager(), .enlisted(), .started, .pending, .shell("systemctl stop \(Condition.unit)"),
                .shell(
                    """
                    set -e; token=$(cat /var/lib/linux_patch_api/enrollment/token)
                    rm -r /var/lib/linux_patch_api
                    printf '  polling_token: "%s"\\n' "$token" >>\(configurationPath)
                    """),
                .started, .pending,
            ],
            holds: [.settled, .registered()],
            doctor: [.root("enrollment-pending")], tolerates: ["cert-missing"],
            cure: [.approved], recovers: [.settled, .answers, .registered()]),
    ]

    private static let configurationPath = "/etc/linux_patch_api/config.yaml"

    /// The stand-in for the agent before 1.2, approved and serving from the enrollment's process.
    private static let oldOrphan = Step.all([
        .shell("cd /usr/bin && cp linux-patch-api linux-patch-api.new && install /opt/lab/old-agent linux-patch-api"),
        .session("sudo linux-patch-api --enroll \(Step.managerURL)"), .wait(enrolling), .approve(),
        .wait(.listening("0.0.0.0:12443", "linux-patch-api")),
        .shell("cd /usr/bin && mv linux-patch-api.new linux-patch-api"),
    ])

    /// Connects again and again until told to stop; who is refused leaves a line.
    private static let knocking = """
        count=0
        until test -e /run/lab-done; do
            if exec 3<>/dev/tcp/127.0.0.1/12443; then exec 3>&-; else echo refused >>/run/lab-refused; fi
            count=$((count + 1)); echo $count >/run/lab-count && mv /run/lab-count /run/lab-knocked
        done
        """
}
