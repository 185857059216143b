extension ScenarioBook {
    /// The real Debian package comes, goes and comes back: each time it ends in serving, or in a steady state that it
    /// explained.
    static let installs: [Scenario] = [
        .package(
            "agent-package-fresh", "the package is installed on a host that knows no manager",
            [.installed()],
            holds: [
                .enabled, .inactive, .nobodyListens(), .explained("no enrollment.manager_url is set"), .threeCommands,
                .configured,
                .shell(
                    "systemd-analyze has nothing to say of the units",
                    "test -z \"$(systemd-analyze verify --man=no linux-patch-api.service linux-patch-api.socket 2>&1)\""
                ),
            ],
            doctor: [.any("cert-missing")], verdicts: ["unhealthy", "healthy", "undetermined"]),
        .package(
            "agent-package-preseeded", "the configuration lies there before the package comes",
            [.manager(), .preseeded(), .installed(), .pending, .approved, .wait(.answers)],
            holds: [
                .enabled, .settled, .answers, .serves, .configured,
                .shell("the configuration is the one that lay there", "grep -q '^  manager_url: ' \(settings)"),
                .shell("it said whom to ask", "grep -q 'enrolls at https' /root/install.log"),
            ],
            doctor: [], verdicts: ["healthy"]),
        .package(
            "agent-package-removed",
            "the package is removed, comes back to a state that another user owns, is purged, and comes back once more",
            [
                .installedServing, .shell("dpkg --remove linux-patch-api >/root/remove.log 2>&1"),
                .wait(.inactive), .wait(.nobodyListens()),
                .wait(
                    .shell(
                        "it is not enabled, and its configuration is kept",
                        "test ! -L \(link) && test -e \(settings) && test ! -e /usr/bin/linux-patch-api")),
                .shell("chown -R ada /var/lib/linux_patch_api"), .installed(), .wait(.inactive),
                .wait(.explained("chown -R --no-dereference root: /var/lib/linux_patch_api")),
                .wait(.threeCommands),
                .shell("chown -R --no-dereference root: /var/lib/linux_patch_api && systemctl start linux-patch-api"),
                .wait(.answers), .wait(.enabled),
                .shell("mkdir -p /var/lib/patch-doctor/evidence/kept"),
                .shell("dpkg --purge linux-patch-api >/root/purge.log 2>&1"),
                .wait(
                    .shell(
                        "nothing of it is left but evidence",
                        """
                        test ! -e /etc/linux_patch_api && test ! -e /var/lib/linux_patch_api &&
                        test ! -e /var/log/linux_patch_api && test ! -L \(link) && test -d /var/lib/patch-doctor/evidence/kept
                        """)),
                .installed(),
            ],
            holds: [
                .enabled, .inactive, .nobodyListens(), .explained("no enrollment.manager_url is set"), .threeCommands,
                .configured,
            ],
            doctor: [.any("cert-missing")], verdicts: ["unhealthy", "healthy", "undetermined"]),
        .package(
            "agent-package-interrupted", "dpkg is killed while the package's postinst runs, then told to go on",
            [
                .manager("--approve-all"), .preseeded(),
                .shell(
                    """
                    dpkg --install --force-confold $(ls \(LabPackages.built)/linux-patch-api_*.deb) >/dev/null 2>&1 &
                    installer=$!
                    until pid=$(pgrep --full '^/bin/sh .*linux-patch-api.postinst'); do
                        kill -0 $installer 2>/dev/null || exit 1
                    done
                    kill -9 $installer $pid; wait $installer || true
                    dpkg --audit | grep -q linux-patch-api
                    """),
                .shell("dpkg --configure --pending --force-confold >/root/install.log 2>&1"),
                .wait(.answers),
            ],
            holds: [.enabled, .settled, .answers, .configured], doctor: [], verdicts: ["healthy"]),
    ]

    static let settings = "/etc/linux_patch_api/config.yaml"
    static let link = "/etc/systemd/system/multi-user.target.wants/linux-patch-api.service"
}

extension Scenario {
    /// A host on which the real package is installed by real dpkg.
    static func package(
        _ id: String, _ name: String, _ steps: [Step], holds: [Condition], doctor: [Expectation],
        tolerates: Set<String> = [], verdicts: Set<String>, cure: [Step] = [], recovers: [Condition] = [],
        restarts: Int = 0
    ) -> Scenario {
        var scenario = Scenario.agent(
            id, name, steps, holds: holds, doctor: doctor, tolerates: tolerates, verdicts: verdicts, cure: cure,
            recovers: recovers, restarts: restarts)
        scenario.patient = .host
        scenario.needs = .packages
        return scenario
    }
}

extension LabPackages {
    /// Where `make deb`'s packages are shown inside.
    static let built = "/opt/lab/packages"
}

extension Step {
    /// By dpkg alone, as it keeps what is there; what was printed is in /root/install.log. Without a version the one that
    /// was built, else one that was made of it.
    static func installed(_ version: String? = nil) -> Step {
        let path =
            version.map { "/opt/lab/repo/linux-patch-api_\($0).deb" }
            ?? "$(ls \(LabPackages.built)/linux-patch-api_*.deb)"
        return .shell(
            """
            dpkg --install --force-confold \(path) >/root/install.log 2>&1 || { cat /root/install.log >&2; exit 1; }
            """)
    }

    /// Configuration and whitelist as a person lays them down first; the lab's pace.
    static func preseeded(_ lines: [AgentLine] = [.trust]) -> Step {
        all([
            .configured([.manager, .reportedAddress] + lines),
            .write("/etc/linux_patch_api/whitelist.yaml", LabFiles.shipped("configs/whitelist.yaml"), mode: "0640"),
            .dropIn("10-lab", "[Service]\nEnvironment=LINUX_PATCH_API_PACE=100\n"),
        ])
    }

    /// Enrolled and serving, by the package.
    static let installedServing = all([
        .manager("--approve-all --replace"), .preseeded(), .installed(), .wait(.answers),
    ])
}

extension Condition {
    static let enabled = Self("the unit is enabled", "systemctl is-enabled --quiet \(unit)")
    static let configured = Self("no package is half-way", "test -z \"$(dpkg --audit)\"")

    /// The package said why it did not start the service, or did not restart it.
    static func explained(_ words: String) -> Self {
        Self("the package says '\(words)'", "grep -qF '\(words)' /root/install.log")
    }

    /// It printed what to do, on one screen.
    static let threeCommands = Self(
        "the package prints three commands on one screen",
        """
        test $(grep -c '^    ' /root/install.log) = 3 &&
        test $(sed -n '/^linux-patch-api is installed/,$p' /root/install.log | wc -l) -le 24
        """)
}
