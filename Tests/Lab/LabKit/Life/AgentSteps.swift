/// What scenarios of the agent itself are made of: the shipped units and files, and a manager on loopback.
extension Step {
    static let managerDirectory = "/var/lib/lab-manager"
    static let managerURL = "https://127.0.0.1:8443"
    private static let configurationPath = "/etc/linux_patch_api/config.yaml"

    /// The agent as its package installs it, enabled and not started, with all its waits divided by `pace`.
    static func agent(_ lines: AgentLine..., pace: Int = 100, with dropIn: String = "") -> Step {
        let units = ["linux-patch-api.service", "linux-patch-api.socket"].map { unit in
            Step.write("/etc/systemd/system/\(unit)", LabFiles.shipped("packaging/systemd/\(unit)"))
        }
        return all(
            units + [
                .shell("install -d -m 0750 /etc/linux_patch_api; install -d -m 0755 /etc/linux_patch_api/certs"),
                configured(lines),
                .write(
                    "/etc/linux_patch_api/whitelist.yaml", LabFiles.shipped("configs/whitelist.yaml"), mode: "0640"),
                .dropIn("10-lab", "[Service]\nEnvironment=LINUX_PATCH_API_PACE=\(pace)\n" + dropIn),
                .shell("systemctl enable --quiet \(Condition.unit)"),
            ])
    }

    /// The shipped configuration with these lines filled in.
    static func configured(_ lines: [AgentLine]) -> Step {
        var text = LabFiles.shipped("configs/config.yaml")
        for line in lines {
            text =
                text.lines.map { $0.hasPrefix("  # \(line.key): ") ? "  \(line.key): \(line.value)" : $0 }
                .joined(separator: "\n") + "\n"
        }
        return .write(configurationPath, text, mode: "0640")
    }

    /// A manager as a service of its own, ready to answer; it survives a reboot.
    static func manager(_ options: String = "") -> Step {
        all([
            .write(
                "/etc/systemd/system/manager.service",
                """
                [Service]
                ExecStart=/usr/bin/patch-manager-dev serve --state \(managerDirectory) --bucket 1000,0 \(options)
                Restart=no
                [Install]
                WantedBy=multi-user.target

                """),
            // Each order to the manager names its directory; here once for all.
            .write(
                "/usr/local/bin/manager",
                "#!/bin/sh\nexec patch-manager-dev \"$@\" --state \(managerDirectory)\n", mode: "0755"),
            .shell("systemctl daemon-reload && systemctl enable --quiet --now manager.service"),
            .wait(.managerAnswers),
        ])
    }

    static func orders(_ words: String...) -> Step { all(words.map { .shell("manager \($0)") }) }

    /// The agent started, by the means that a boot has.
    static let started = Step.shell("systemctl start --no-block \(Condition.unit)")
    static let reloaded = Step.shell("systemctl reload \(Condition.unit)")

    /// The manager, the agent with its address, both started: what most enrollments begin with.
    static func enrolling(
        _ lines: AgentLine..., misbehave: String = "off", options: String = "", pace: Int = 100,
        with dropIn: String = ""
    ) -> Step {
        all([
            .manager(options), .shell("manager misbehave \(misbehave)"),
            enlisted(lines, pace: pace, with: dropIn), started,
        ])
    }

    /// The agent with a manager's address that it trusts.
    static func enlisted(_ lines: [AgentLine] = [], pace: Int = 100, with dropIn: String = "") -> Step {
        all([
            .agent(pace: pace, with: dropIn),
            .configured([.manager, .reportedAddress] + (lines.isEmpty ? [.trust] : lines)),
        ])
    }

    static let pending = Step.wait(.says("waiting for approval at \(managerURL)"))
    static let approved = Step.shell("manager approve lab")

    /// Enrolled and serving, by the whole way.
    static func serving(pace: Int = 100, with dropIn: String = "") -> Step {
        all([.enrolling(options: "--approve-all --replace", pace: pace, with: dropIn), .wait(.answers)])
    }

    /// Certificates made by hand, with their CA's key, a client's certificate and a list.
    static func pki(_ options: String = "", to directory: String = "/opt/lab/pki") -> Step {
        .shell("patch-manager-dev pki --directory \(directory) --address 127.0.0.1 --name lab \(options)")
    }

    /// One file after the other, as a person copies them.
    static func copied(_ name: String, from directory: String = "/opt/lab/pki") -> Step {
        .shell(
            "install -m \(name.contains("key") ? "0600" : "0644") \(directory)/\(name) /etc/linux_patch_api/certs/\(name)"
        )
    }

    /// A person enrolls at a terminal, with waits as short as the service's.
    static let byHand = "LINUX_PATCH_API_PACE=100 linux-patch-api --enroll \(managerURL)"

    /// kill -9 of the main process, and systemd has started another one.
    static let killed = Step.shell(
        """
        old=$(systemctl show --property=MainPID --value \(Condition.unit)); kill -9 $old
        for turn in $(seq 600); do
            new=$(systemctl show --property=MainPID --value \(Condition.unit))
            test $new != 0 && test $new != $old && exit; done; exit 1
        """)

    /// Only loopback may connect, as after an enrollment.
    static let loopbackAdmitted = Step.write(
        "/etc/linux_patch_api/whitelist.yaml", "entries:\n  - 127.0.0.1\n", mode: "0640")
}

/// A line of config.yaml that a person filled in.
struct AgentLine: Sendable {
    var key: String
    var value: String

    init(_ key: String, _ value: String) {
        self.key = key
        self.value = value
    }

    static let manager = AgentLine("manager_url", Step.managerURL)
    static let trust = AgentLine("manager_ca", "\(Step.managerDirectory)/ca.pem")
    static let reportedAddress = AgentLine("report_ip", "127.0.0.1")
}
