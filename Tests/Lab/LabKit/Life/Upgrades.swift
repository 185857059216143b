extension ScenarioBook {
    /// One version of the real package follows another.
    static let upgrades: [Scenario] = [
        .package(
            "agent-package-self-update", "the manager has the agent update its own package",
            [
                .installedServing, .versions,
                .shell("systemctl show --property=MainPID --value \(Condition.unit) >/root/pid"),
                .outside(
                    Manager.order("PUT /packages/linux-patch-api", end: "completed") + " | head -n 1 >$ROOT/root/job"),
                .wait(.answers),
            ],
            holds: [
                .settled, .answers, .serves, .enabled, .configured,
                LabPackages.version("1.2.0-2", of: "linux-patch-api"),
                .shell(
                    "the manager is told of the new version",
                    "manager dial 127.0.0.1 --path /api/v1/packages/linux-patch-api | grep -qF '\"version\":\"1.2.0-2\"'"
                ),
                .shell(
                    "another process serves",
                    "test \"$(systemctl show --property=MainPID --value \(Condition.unit))\" != \"$(cat /root/pid)\""),
                .shell(
                    "postinst ran once", "test \"$(grep -c '^1.2.0-2$' /root/runs-postinst)\" = 1"),
                .shell(
                    "its job is completed, and there is no other",
                    #"""
                    manager dial 127.0.0.1 --path /api/v1/jobs >/run/lab-jobs &&
                    test "$(grep -o '"job_id":"[^"]*"' /run/lab-jobs | sort -u)" = "\"job_id\":\"$(cat /root/job)\"" &&
                    grep -q '"status":"completed"' /run/lab-jobs
                    """#),
                .shell(
                    "dpkg upgraded it once",
                    "test $(grep -c ' upgrade linux-patch-api:amd64 1.2.0-1 1.2.0-2' /var/log/dpkg.log) = 1"),
            ],
            doctor: [], verdicts: ["healthy"]),
        .package(
            "agent-package-edited", "an upgrade brings another configuration to a host whose own was edited",
            [
                .installedServing, .versions,
                .shell("cp \(settings) /root/config.before"),
                .shell(
                    "dpkg --install --force-confdef --force-confold /opt/lab/repo/linux-patch-api_1.2.0-2.deb >/root/install.log 2>&1"
                ),
                .wait(.answers),
            ],
            holds: [
                .settled, .answers, .enabled, .configured, LabPackages.version("1.2.0-2", of: "linux-patch-api"),
                .shell("the configuration is as it was", "cmp -s \(settings) /root/config.before"),
                .shell("the new one lies beside it", "grep -q '^# of 1.2.0-2' \(settings).dpkg-dist"),
            ],
            doctor: [], verdicts: ["healthy"]),
        .package(
            "agent-package-downgrade", "a later version is replaced by the one before it",
            [
                .installedServing, .versions, .installed("1.2.0-2"), .wait(.answers),
                .installed(), .wait(.answers),
            ],
            holds: [
                .settled, .answers, .serves, .enabled, .configured,
                LabPackages.version("1.2.0-1", of: "linux-patch-api"),
            ],
            doctor: [], verdicts: ["healthy"]),
        .package(
            "agent-package-unusable", "an upgrade meets a configuration that was spoilt while the agent served",
            [
                .installedServing, .versions,
                .shell("cp \(settings) /root/config && echo 'server: [' >>\(settings)"),
                .shell("systemctl show --property=MainPID --value \(Condition.unit) >/root/pid"),
                .installed("1.2.0-2"),
            ],
            holds: [
                .settled, .answers, .enabled, .configured, .explained("the version of before goes on running"),
                .threeCommands,
                .shell(
                    "the process of before serves",
                    "test \"$(systemctl show --property=MainPID --value \(Condition.unit))\" = \"$(cat /root/pid)\""),
            ],
            doctor: [.any("config-invalid")], tolerates: ["binary-stale"], verdicts: ["healthy", "unhealthy"],
            cure: [.shell("cp /root/config \(settings) && systemctl restart linux-patch-api")],
            recovers: [.settled, .answers]),
        .package(
            "agent-package-leftovers",
            "a package before 1.2 left a unit, a drop-in, a key of the old name and an enrollment that holds the port",
            [
                oldPackage, .certificates("good"),
                .session("sudo linux-patch-api --enroll https://manager.example"), .wait(enrolling), .approve(),
                .wait(.listening("0.0.0.0:12443", "linux-patch-api")),
                .shell("\(Condition.holder()) >/root/holder"), .installed(),
            ],
            holds: [
                .enabled, .inactive, .configured, .explained("another process listens on its port 12443"),
                .threeCommands,
                .shell("the enrollment was left alone", "test \"$(\(Condition.holder()))\" = \"$(cat /root/holder)\""),
                .shell(
                    "the old unit is out of the way",
                    """
                    test -e /etc/systemd/system/linux-patch-api.service.dpkg-old &&
                    systemctl show --property=FragmentPath --value linux-patch-api | grep -q '^/\\(usr/\\)\\?lib/' &&
                    test "$(systemctl show --property=RestartUSec --value linux-patch-api)" = 10s &&
                    test "$(systemctl show --property=StartLimitIntervalUSec --value linux-patch-api)" = 5min
                    """),
                .shell("the drop-in is named", "grep -q 'StartLimitIntervalSec in .Service.' /root/install.log"),
            ],
            doctor: [.any("port-held-by-enrollment")],
            tolerates: ["start-limit-ineffective", "cert-expiring-soon", "whitelist-excludes-manager"],
            verdicts: ["unhealthy"]),
    ]

    /// As the package before 1.2 was: its unit in /etc, its prerm stopping and disabling for an upgrade.
    private static let oldPackage = Step.all([
        .package, .dropIn("10-start-limit", "[Service]\nStartLimitIntervalSec=300"),
        .shell(
            #"""
            set -e; mkdir -p /tmp/old/DEBIAN /tmp/old/usr/bin
            cp /opt/lab/old-agent /tmp/old/usr/bin/linux-patch-api
            printf 'Package: linux-patch-api\nVersion: 1.1.17\nArchitecture: amd64\n%s\n%s\n' \
                'Maintainer: lab <lab@lab>' 'Description: the agent before' >/tmp/old/DEBIAN/control
            printf '#!/bin/sh\nsystemctl stop linux-patch-api; systemctl disable linux-patch-api\n' >/tmp/old/DEBIAN/prerm
            chmod 0755 /tmp/old/DEBIAN/prerm
            dpkg-deb -Znone --build /tmp/old /tmp/old.deb >/dev/null && dpkg --install /tmp/old.deb >/dev/null
            """#),
    ])
}

extension Step {
    /// A repository with the package that was built and a later one made of it: another version, another configuration,
    /// and a postinst that writes down each time it runs.
    static let versions = Step.shell(
        #"""
        set -e; mkdir -p /opt/lab/repo /var/cache/apt/archives/partial /var/lib/apt/lists/partial; cd /opt/lab/repo
        dpkg-deb --raw-extract \#(LabPackages.built)/linux-patch-api_*.deb later
        sed -i 's/^Version: .*/Version: 1.2.0-2/' later/DEBIAN/control
        echo '# of 1.2.0-2' >>later/etc/linux_patch_api/config.yaml
        sed -i '1a echo 1.2.0-2 >>/root/runs-postinst' later/DEBIAN/postinst
        dpkg-deb -Zgzip -z1 --root-owner-group --build later linux-patch-api_1.2.0-2.deb >/dev/null; rm -r later
        for package in linux-patch-api_1.2.0-2.deb; do
            dpkg-deb --field $package >>Packages
            printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' $package $(stat -c %s $package) \
                $(sha256sum $package | cut -d' ' -f1) >>Packages
        done
        rm -rf /etc/apt/sources.list.d/*; echo 'deb [trusted=yes] file:/opt/lab/repo ./' >/etc/apt/sources.list
        apt-get --quiet=2 update
        """#)
}
