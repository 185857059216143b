/// One thing that is done to a host to bring a situation about.
public enum Step: Sendable {
    case write(String, _ text: String, mode: String = "0644", owner: String = "root")
    /// A script inside, as root, that must succeed.
    case shell(String)
    /// A program inside that keeps running, in the init scope.
    case start([String])
    /// A command line in a login session of `ada`, as over ssh: shell below session scope, kept running.
    case session(String)
    /// A program outside that shares only the container's network.
    case hidden([String])
    /// A script outside that shares only the container's network and must succeed; `$ROOT` is the container's tree.
    case outside(String, within: Int = 300)
    case wait(Condition, within: Int = 20)
    /// The whole machine, once.
    case reboot
    /// The machine boots anew because something inside ordered it.
    case comesBack
    indirect case all([Step])

    func carryOut(in container: Container) throws {
        switch self {
        case .write(let path, let text, let mode, let owner):
            let script = #"mkdir -p "$(dirname "$1")" && cat >"$1" && chmod "$2" "$1" && chown "$3" "$1""#
            try container.output("sh", "-c", script, "sh", path, mode, owner, input: text)
        case .shell(let script): try container.shell(script)
        case .start(let words): try container.start(words)
        case .session(let line):
            // `; :` keeps the shell from stepping aside for its last command, as a shell at a prompt does not either.
            let login = #"echo 1000 >/proc/self/loginuid; exec su --login ada --command "$1""#
            try container.start(["sh", "-c", login, "sh", "\(line); :"])
        case .hidden(let words): try container.startHidden(words)
        case .wait(let condition, let seconds):
            guard until(seconds, { condition.isSo(in: container) }) else {
                throw Command.Failure(description: "waited \(seconds) s in vain: \(condition)")
            }
        case .outside(let script, let seconds): try container.outside(script, within: seconds)
        case .comesBack: try container.comeBack()
        case .reboot: try container.reboot()
        case .all(let steps): for step in steps { try step.carryOut(in: container) }
        }
    }
}

// MARK: - What most scenarios are made of

extension Step {
    /// The old package, installed and enabled, not started: unit, configuration, whitelist.
    static let package = all([
        installed, .shell("systemctl daemon-reload && systemctl enable --quiet \(Condition.unit)"),
    ])

    /// The old package's files alone.
    static let installed = all([
        .write("/etc/systemd/system/linux-patch-api.service", LabFiles.text("linux-patch-api.service")),
        configuration(),
        .write("/etc/linux_patch_api/whitelist.yaml", LabFiles.text("whitelist.yaml"), mode: "0640"),
        .shell("install -d -m 0755 /var/lib/linux_patch_api /var/log/linux_patch_api /etc/linux_patch_api/certs"),
    ])

    /// The unit masked; its file moves to where a package puts it, since a link takes its place.
    static let masked = shell(
        """
        mv /etc/systemd/system/\(Condition.unit) /usr/lib/systemd/system
        systemctl --quiet mask \(Condition.unit)
        """)

    /// The shipped configuration with some of its text replaced.
    static func configuration(_ replacements: (String, String)...) -> Step {
        let text = replacements.reduce(LabFiles.text("config.yaml")) { $0.replacing($1.0, with: $1.1) }
        return .write("/etc/linux_patch_api/config.yaml", text, mode: "0640")
    }

    /// A drop-in of the unit, loaded.
    static func dropIn(_ name: String, _ text: String) -> Step {
        all([
            .write("/etc/systemd/system/linux-patch-api.service.d/\(name).conf", text + "\n"),
            .shell("systemctl daemon-reload"),
        ])
    }

    /// The old unit's arithmetic on a smaller scale: five times RestartSec is more than the limit's interval, so the
    /// loop is endless, and nobody waits five seconds for each turn of it.
    static let quickLoop = dropIn(
        "10-quick", "[Unit]\nStartLimitIntervalSec=1s\n[Service]\nRestartSec=300ms")

    /// How the unit's agent is to misbehave: see the stand-in's own list.
    static func mode(_ words: String) -> Step {
        dropIn("20-mode", "[Service]\nEnvironment=\"OLD_AGENT_MODE=\(words)\"\nLimitCORE=0")
    }

    /// Installs a variant of the lab's certificates as provisioning would.
    static func certificates(_ variant: String) -> Step {
        .shell(
            """
            set -e; from=\(LabFiles.certificatesInside)/\(variant); to=/etc/linux_patch_api/certs
            install -d -m 0755 $to
            install -m 0644 $from/ca.pem $from/server.pem $to
            install -m 0600 $from/server.key $to
            if test -e $from/crl.pem; then install -m 0644 $from/crl.pem $to; fi
            """)
    }

    static let startUnit = Step.shell("systemctl start --no-block \(Condition.unit)")

    /// The manager approves: what the waiting enrollment installs moves into place at once.
    static func approve(_ variant: String = "good") -> Step {
        .shell(
            """
            set -e; mkdir -p /run/lab && cp -r \(LabFiles.certificatesInside)/\(variant) /run/lab/approving
            mv /run/lab/approving /run/lab/approved
            """)
    }

    /// Turns on the loop and waits until it turns.
    static func loop(_ words: String? = nil) -> Step {
        all([startUnit] + (words.map { [.wait(.logged($0))] } ?? []) + [.wait(.restarts(atLeast: 2))])
    }
}
