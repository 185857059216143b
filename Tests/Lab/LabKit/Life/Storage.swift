extension ScenarioBook {
    /// Disks that are full, read-only or not to be trusted.
    static let storage: [Scenario] = [
        .agent(
            "agent-disk-full-first", "the state directory is full before anything was asked",
            [
                .manager(), .enlisted(), small(state), filled(state), .started,
                .wait(.says("nothing is asked of the manager")),
            ],
            holds: [.settled, .says("no room in"), .registered(0)],
            doctor: [.root("disk-full")], tolerates: full,
            cure: [emptied(state), .pending, .approved], recovers: [.settled, .answers, .registered()]),
        .agent(
            "agent-disk-full-pending",
            "the state directory fills up while the request waits, and the answer comes then",
            [
                .manager(), .enlisted(), small(state), .started, .pending, filled(state), .approved,
                .wait(.says("nothing is asked of the manager")),
            ],
            holds: [.settled, .says("no room in"), .registered()],
            doctor: [.root("disk-full")], tolerates: full,
            cure: [emptied(state)], recovers: [.settled, .answers, .registered()]),
        .agent(
            "agent-disk-full-publishing", "there is no room for the certificates when they arrive",
            [
                .manager(), .enlisted(), small(certificateFiles), .started, .pending, filled(certificateFiles),
                .approved,
                .wait(.says("next try")),
            ],
            holds: [.settled, .nobodyListens(), .registered()],
            doctor: [.root("disk-full")], tolerates: full,
            cure: [emptied(certificateFiles)], recovers: [.settled, .answers, .registered()]),
        .agent(
            "agent-disk-full-certificates", "there is no room for certificates before anything was asked",
            [
                .manager(), .enlisted(), small(certificateFiles), filled(certificateFiles), .started,
                .wait(.says("nothing is asked of the manager")),
            ],
            holds: [.settled, .says("no room in"), .registered(0)],
            doctor: [.root("disk-full")], tolerates: full,
            cure: [emptied(certificateFiles), .pending, .approved], recovers: [.settled, .answers, .registered()]),
        .agent(
            "agent-state-read-only", "the state directory is read-only after a restart while the request waits",
            [
                .manager(), .enlisted(), small(state), .started, .pending,
                .shell("systemctl stop \(Condition.unit) && mount -o remount,ro \(state)"), .started,
                .wait(.says("ead-only file system")),
            ],
            holds: [.settled, .registered()],
            doctor: [.root("filesystem-read-only")],
            tolerates: full,
            cure: [.shell("mount -o remount,rw \(state)"), .pending, .approved],
            recovers: [.settled, .answers, .registered()]),
        .agent(
            "agent-state-foreign", "the state directory belongs to another user",
            [
                .manager(), .enlisted(), .started, .pending, .shell("systemctl stop \(Condition.unit)"),
                // systemd would give it back to root; a link is what it leaves alone.
                .dropIn("30-state", "[Service]\nStateDirectory="),
                .shell("chown ada \(state)"), .started, .wait(.says("can't be used")),
            ],
            holds: [.settled, .registered(), .logged("chown root")],
            doctor: [.root("state-unusable")], tolerates: full.union(["unit-file-changed"]),
            cure: [.shell("chown root: \(state)"), .reloaded, .pending, .approved],
            recovers: [.settled, .answers, .registered()]),
        .agent(
            "agent-key-exposed", "the key that an admin copied in can be read by everybody",
            [
                .manager(), .agent(), .loopbackAdmitted, .pki(), .copied("ca.pem"), .copied("server.pem"),
                .copied("server.key.pem"), .shell("chmod 0644 \(certificateFiles)/server.key.pem"), .started,
                .wait(.answersByHand),
            ],
            holds: [.settled, .serves],
            doctor: [.risk("key-exposed")], tolerates: ["crl-missing"], verdicts: ["healthy"],
            cure: [.shell("chmod 0600 \(certificateFiles)/server.key.pem")], recovers: [.settled, .answersByHand]),
        .agent(
            "agent-symlink", "a symbolic link lies where the certificate is to be put",
            [
                .manager(), .enlisted(), .shell("ln -s /etc/hostname \(certificateFiles)/server.pem"), .started,
                .wait(.says("server.pem")),
            ],
            holds: [.settled, .nobodyListens(), .shell("the target is as it was", "grep -qx lab /etc/hostname")],
            doctor: [.root("state-unusable", or: "cert-unparsable")], tolerates: ["cert-missing", "cert-unparsable"],
            cure: [.shell("rm \(certificateFiles)/server.pem"), .reloaded, .pending, .approved],
            recovers: [.settled, .answers]),
        .agent(
            "agent-damaged-certificate", "the certificate on the disk was damaged while the agent was stopped",
            [
                .serving(), .shell("systemctl stop \(Condition.unit)"),
                .shell(
                    "sha256sum \(certificateFiles)/server.pem >/run/lab-before; echo damaged >\(certificateFiles)/server.pem"
                ),
                .started, .wait(.answers),
            ],
            holds: [
                .settled, .serves, .registered(), .logged("was put in their place"),
                .shell("the file is whole again", "sha256sum --quiet --check /run/lab-before"),
            ],
            doctor: [], verdicts: ["healthy"]),
        .agent(
            "agent-damaged-while-serving", "the certificate on the disk is damaged while the agent serves",
            [
                .enrolling(), .pending, .approved, .wait(.answers),
                .shell("echo damaged >\(certificateFiles)/server.pem"),
                .wait(.says("the files on disk can't be used")),
            ],
            holds: [.settled, .serves, .answers, .says("stay in force"), .registered()],
            doctor: [.any("cert-unparsable")], tolerates: ["served-cert-stale"],
            verdicts: ["healthy", "undetermined"],
            cure: [.shell("systemctl restart \(Condition.unit)")],
            recovers: [.settled, .answers, .saysNot("can't be used")]),
    ]

    private static let state = "/var/lib/linux_patch_api"
    private static let certificateFiles = "/etc/linux_patch_api/certs"
    private static let full: Set<String> = [
        "cert-missing", "disk-full", "state-unusable", "filesystem-read-only", "enrollment-pending",
    ]

    /// A file system of its own over a directory, so small that it can be filled.
    private static func small(_ directory: String) -> Step {
        .all([
            .shell("install -d -m 0700 \(directory) && mount -t tmpfs -o size=1536k,mode=0700 small \(directory)"),
            // systemd learns of it a moment later.
            .wait(
                .shell(
                    "systemd knows the mount", "systemctl is-active --quiet $(systemd-escape --path \(directory)).mount"
                )),
        ])
    }

    private static func filled(_ directory: String) -> Step {
        .shell("dd if=/dev/zero of=\(directory)/filler bs=4k status=none 2>/dev/null; test -s \(directory)/filler")
    }

    private static func emptied(_ directory: String) -> Step { .shell("rm \(directory)/filler") }
}
