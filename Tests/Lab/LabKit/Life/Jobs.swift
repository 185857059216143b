extension ScenarioBook {
    /// What a manager orders is done, once, whatever becomes of the agent and its host meanwhile.
    static let jobs: [Scenario] = [
        .agent(
            "agent-jobs",
            "a manager patches, takes back, installs and boots the host, and the agent is restarted amid it",
            [
                LabPackages.repository, .shell("dpkg --install /opt/lab/repo/lab-thing_1.deb >/dev/null"), .serving(),
                .outside(Manager.client("--name lab --apply")),
                .wait(LabPackages.version("1", of: "lab-thing")),
                .outside(Manager.order("POST /packages '{\"packages\":[{\"name\":\"lab-tiny\"}]}'", end: "completed")),
                .wait(LabPackages.version("1", of: "lab-tiny")),
                .outside(Manager.order("DELETE /packages/lab-tiny", end: "completed")),
                .wait(LabPackages.absent("lab-tiny")),
                restartedAmidst, rebooted,
            ],
            holds: [
                .settled, .answers, .booted,
                .shell(
                    "dpkg upgraded and downgraded it twice each, in turn",
                    """
                    test "$(awk '$3 ~ /^upgrade$/ && $4 ~ /^lab-thing/ { printf "%s-%s ", $5, $6 }' /var/log/dpkg.log)" = \
                        "1-2 2-1 1-2 2-1 "
                    """),
                .shell("the slow postinst ran once", "test \"$(cat /root/runs-lab-slow)\" = x"),
                .shell(
                    "no package is half-way, and no transaction is left",
                    "test -z \"$(dpkg --audit)\" && test -z \"$(ls /var/lib/linux_patch_api/jobs/transactions 2>/dev/null)\""
                ),
                .shell(
                    "it is the boot after the one in which it was ordered",
                    "test \"$(cat /root/boot)\" != \"$(cat /proc/sys/kernel/random/boot_id)\""),
            ],
            doctor: [], verdicts: ["healthy"]),
        .agent(
            "agent-job-done", "a manager has had one package upgraded",
            [
                LabPackages.repository, .shell("dpkg --install /opt/lab/repo/lab-thing_1.deb >/dev/null"), .serving(),
                .outside(Manager.order("PUT /packages/lab-thing '{}'", end: "completed") + " >$ROOT/root/job"),
            ],
            holds: [.settled, .answers, LabPackages.version("2", of: "lab-thing")], doctor: [], verdicts: ["healthy"]),
        .agent(
            "agent-jobs-killed", "the agent is killed 200 times while packages come and go by its jobs",
            [
                LabPackages.repository,
                .serving(with: "Restart=always\nRestartSec=50ms\n[Unit]\nStartLimitIntervalSec=0\n"),
                .shell("printf 'rate_limit:\\n  enabled: false\\n' >>/etc/linux_patch_api/config.yaml"), .reloaded,
                .start(["sh", "-c", killing]),
                .outside(
                    Manager.client(
                        "--package lab-tiny --log $ROOT/root/runs-lab-tiny --until $ROOT/root/killed",
                        program: "stream.py") + " >$ROOT/root/account"),
            ],
            holds: [
                .settled, .answers,
                .shell("it was killed 200 times", "test $(cat /root/killed) = 200"),
                .shell("more than a few jobs were done", "test $(wc -l </root/runs-lab-tiny) -ge 10"),
                .shell("no package is half-way", "test -z \"$(dpkg --audit)\""),
            ],
            doctor: [], tolerates: ["start-limit-ineffective", "killed-by-signal"],
            verdicts: ["healthy"], restarts: 250),
        .agent(
            "agent-updates-itself",
            "the manager has the agent update its own package, whose postinst restarts the service",
            [
                LabPackages.repository, LabPackages.agents, .serving(),
                .shell("dpkg --install /opt/lab/repo/linux-patch-api_1.2.0-1.deb >/dev/null"), .wait(.answers),
                .shell("systemctl show --property=MainPID --value \(Condition.unit) >/root/before"),
                .outside(Manager.order("PUT /packages/linux-patch-api '{}'") + " >$ROOT/root/update"),
                .outside(Manager.order("GET /jobs/$(cat $ROOT/root/update)", end: "completed")),
                .wait(LabPackages.version("1.2.0-2", of: "linux-patch-api")), .wait(.answers),
                // Back to the first version, as a person would who likes the new one less.
                .outside(Manager.order("POST /jobs/$(cat $ROOT/root/update)/rollback", end: "completed")),
                .wait(LabPackages.version("1.2.0-1", of: "linux-patch-api")), .wait(.answers),
                .outside(Manager.order("POST /system/update '{}'", end: "completed")),
                .wait(LabPackages.version("1.2.0-2", of: "linux-patch-api")), .wait(.answers),
            ],
            holds: [
                .settled, .answers,
                .shell(
                    "each version was configured once for each order, and no other time",
                    "test \"$(tr '\\n' ' ' </root/runs-agent)\" = '1.2.0-1 1.2.0-2 1.2.0-1 1.2.0-2 '"),
                .shell(
                    "the process is another one, of the file that is there now",
                    """
                    pid=$(systemctl show --property=MainPID --value \(Condition.unit)); test $pid != "$(cat /root/before)" &&
                        ! readlink /proc/$pid/exe | grep -q deleted && test "$(cat /usr/share/lab-agent)" = 1.2.0-2
                    """),
                .shell(
                    "each job began once and ended once",
                    """
                    cd /var/log/linux_patch_api && for event in job.accepted job.started job.ended; do
                        test $(cat audit.log* | grep -c '"event":"'$event'"') = 3 || exit 1; done
                    """),
                .shell(
                    "no package is half-way, and no transaction is left",
                    "test -z \"$(dpkg --audit)\" && test -z \"$(ls /var/lib/linux_patch_api/jobs/transactions 2>/dev/null)\""
                ),
            ],
            doctor: [], verdicts: ["healthy"]),
    ]

    /// kill -9 of the main process, whatever it is just doing.
    private static let killing = """
        count=0; while test $count -lt 200; do
            sleep 0.$(od -An -N1 -tu1 /dev/urandom | tr -d ' ')
            pid=$(systemctl show --property=MainPID --value \(Condition.unit))
            test "$pid" != 0 && kill -9 $pid && count=$((count + 1))
        done; echo $count >/root/killed.new && mv /root/killed.new /root/killed
        """

    /// The agent is restarted while a package's postinst runs; the job goes on, and is completed.
    private static let restartedAmidst = Step.all([
        .outside(
            Manager.order("POST /packages '{\"packages\":[{\"name\":\"lab-slow\"}]}'") + " >$ROOT/root/slow"),
        .wait(.shell("the postinst of lab-slow runs", "test -s /root/runs-lab-slow"), within: 60),
        .shell("systemctl restart \(Condition.unit)"), .wait(.answers),
        .outside(
            "test \"$(\(Manager.client("--ask GET /jobs/$(cat $ROOT/root/slow) --show status")))\" = running"),
        .shell("touch /root/go-lab-slow"),
        .outside(Manager.order("GET /jobs/$(cat $ROOT/root/slow)", end: "completed")),
        .wait(LabPackages.version("1", of: "lab-slow")),
    ])

    /// The host is booted anew by a job; the manager that lost sight of it asks again, and is told of the same job.
    private static let rebooted = Step.all([
        .shell("cat /proc/sys/kernel/random/boot_id >/root/boot"),
        .outside(Manager.reboot + " >$ROOT/root/reboot"), .comesBack, .wait(.managerAnswers), .wait(.answers),
        .outside(Manager.order("GET /jobs/$(cat $ROOT/root/reboot)", end: "completed")),
        .outside("test \"$(\(Manager.reboot))\" = \"$(cat $ROOT/root/reboot)\""),
    ])
}

/// The manager as `Tests/Conformance` has it, outside of the container.
enum Manager {
    static func client(_ arguments: String, program: String = "manager.py") -> String {
        let directory = "$ROOT" + Step.managerDirectory
        return
            "\(LabFiles.directory)/../../Conformance/\(program) --ca \(directory)/ca.pem --cert \(directory)/client.pem "
            + "--key \(directory)/client.key \(arguments)"
    }

    /// One request; prints the identifier of its job.
    static func order(_ request: String, end: String? = nil) -> String {
        client("--ask \(request)" + (end.map { " --end \($0)" } ?? ""))
    }

    static let reboot = order("POST /system/reboot '{\"delay_seconds\":1,\"force\":false}'")
}

/// Packages of the lab, and a repository that holds them.
enum LabPackages {
    static func version(_ version: String, of name: String) -> Condition {
        .shell(
            "\(name) is installed in version \(version)",
            "test \"$(dpkg-query -W -f '${Version} ${db:Status-Status}' \(name))\" = '\(version) installed'")
    }

    static func absent(_ name: String) -> Condition {
        .shell("\(name) is not installed", "! dpkg-query -W -f '${db:Status-Status}' \(name) 2>&1 | grep -qx installed")
    }

    /// The agent itself in two versions: its program as it is here, and a postinst that restarts it at once.
    static let agents = Step.shell(
        #"""
        set -e; cd /opt/lab/repo
        for version in 1.2.0-1 1.2.0-2; do
            rm -rf /tmp/package; mkdir -p /tmp/package/DEBIAN /tmp/package/usr/share
            install -D /usr/bin/linux-patch-api /tmp/package/usr/bin/linux-patch-api
            echo $version >/tmp/package/usr/share/lab-agent
            printf 'Package: linux-patch-api\nVersion: %s\nArchitecture: amd64\n%s\n%s\n' $version \
                'Maintainer: lab <lab@lab>' 'Description: of the lab' >/tmp/package/DEBIAN/control
            printf '#!/bin/sh\necho %s >>/root/runs-agent\nsystemctl daemon-reload\n%s\n' $version \
                'systemctl try-restart linux-patch-api.service' >/tmp/package/DEBIAN/postinst
            chmod 0755 /tmp/package/DEBIAN/postinst
            deb=linux-patch-api_$version.deb
            dpkg-deb -Znone --build /tmp/package $deb >/dev/null
            dpkg-deb --field $deb >>Packages
            printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' $deb $(stat -c %s $deb) $(sha256sum $deb | cut -d' ' -f1) \
                >>Packages
        done
        rm -r /tmp/package; apt-get --quiet=2 update
        """#)

    /// lab-thing in two versions; lab-slow, whose postinst goes on when it may; lab-tiny, which writes down each time that
    /// it is installed.
    static let repository = Step.shell(
        #"""
        set -e; mkdir -p /opt/lab/repo /var/cache/apt/archives/partial /var/lib/apt/lists/partial; cd /opt/lab/repo
        package() {
            rm -rf /tmp/package; mkdir -p /tmp/package/DEBIAN
            printf 'Package: %s\nVersion: %s\nArchitecture: all\n%s\n%s\n' $1 $2 \
                'Maintainer: lab <lab@lab>' 'Description: of the lab' >/tmp/package/DEBIAN/control
            if test -n "$3"; then
                printf '#!/bin/sh\n%s\n' "$3" >/tmp/package/DEBIAN/postinst; chmod 0755 /tmp/package/DEBIAN/postinst
            fi
            dpkg-deb --build /tmp/package $1_$2.deb >/dev/null
            dpkg-deb --field $1_$2.deb >>Packages
            printf 'Filename: ./%s_%s.deb\nSize: %s\nSHA256: %s\n\n' $1 $2 $(stat -c %s $1_$2.deb) \
                $(sha256sum $1_$2.deb | cut -d' ' -f1) >>Packages
        }
        package lab-thing 1; package lab-thing 2; package lab-tiny 1 'echo x >>/root/runs-lab-tiny'
        package lab-slow 1 'printf x >>/root/runs-lab-slow; while ! test -e /root/go-lab-slow; do sleep 0.1; done'
        rm -rf /etc/apt/sources.list.d/*; echo 'deb [trusted=yes] file:/opt/lab/repo ./' >/etc/apt/sources.list
        apt-get --quiet=2 update
        """#)
}
