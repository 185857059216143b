extension ScenarioBook {
    /// A transaction is a unit of its own: neither the agent's restart nor its own death leaves packages half-way.
    static let transactions: [Scenario] = [
        .agent(
            "agent-transaction", "the agent is restarted while packages change, and a transaction is killed",
            [
                repository,
                .serving(with: "ExecStartPost=/opt/lab/transactor begin \(directory) first install lab-slow\n"),
                .wait(inPostinst("lab-slow"), within: 60), .shell("\(mainProcess("first")) >/run/lab-worker"),
                .shell("systemctl restart \(Condition.unit)"), .wait(.answers),
                .wait(state("first", "running ")),
                .shell("test \"$(\(mainProcess("first")))\" = \"$(cat /run/lab-worker)\""),
                .shell("touch /run/lab-go-lab-slow"), .wait(state("first", "over well: 1 newly installed"), within: 60),
                .shell("/opt/lab/transactor begin \(directory) second install lab-stuck"),
                .wait(inPostinst("lab-stuck"), within: 60), .shell("kill -9 $(\(mainProcess("second")))"),
                .wait(state("second", "cut ")), .wait(unitGone("second"), within: 60),
                .shell("touch /run/lab-go-lab-stuck; /opt/lab/transactor begin \(directory) third install lab-plain"),
                .wait(state("third", "over well: "), within: 60),
            ],
            holds: [
                .settled, .answers, state("third", "finished what an earlier run"), unitGone("first"),
                unitGone("third"),
                .shell("the first postinst ran once", "test \"$(cat /run/lab-runs-lab-slow)\" = x"),
                .shell(
                    "all three are installed and whole",
                    """
                    test "$(dpkg-query -W -f '${db:Status-Status}\\n' lab-slow lab-stuck lab-plain | sort -u)" = installed &&
                    test -z "$(dpkg --audit)"
                    """),
            ],
            doctor: [], verdicts: ["healthy"])
    ]

    private static let directory = "/var/lib/linux_patch_api/transactions"

    private static func mainProcess(_ id: String) -> String {
        "systemctl show --property=MainPID --value linux-patch-api-job-\(id).service"
    }

    private static func state(_ id: String, _ words: String) -> Condition {
        .shell(
            "the transaction '\(id)' is told as '\(words)'",
            "/opt/lab/transactor state \(directory) \(id) | grep -qF '\(words)'")
    }

    private static func inPostinst(_ package: String) -> Condition {
        .shell("the postinst of \(package) runs", "test -s /run/lab-runs-\(package)")
    }

    private static func unitGone(_ id: String) -> Condition {
        .shell(
            "no unit is left of '\(id)'",
            "test \"$(systemctl show --property=LoadState --value linux-patch-api-job-\(id).service)\" = not-found")
    }

    /// Packages whose postinst goes on when it may, and a repository that holds them.
    private static let repository = Step.shell(
        #"""
        set -e; mkdir -p /opt/lab/repo /var/cache/apt/archives/partial /var/lib/apt/lists/partial; cd /opt/lab/repo
        for name in lab-slow lab-stuck lab-plain; do
            mkdir -p /tmp/$name/DEBIAN
            printf 'Package: %s\nVersion: 1\nArchitecture: all\n%s\n%s\n' $name \
                'Maintainer: lab <lab@lab>' 'Description: of the lab' >/tmp/$name/DEBIAN/control
            if test $name != lab-plain; then
                printf '#!/bin/sh\nprintf x >>/run/lab-runs-%s\n%s /run/lab-go-%s; do sleep 0.1; done\n' $name \
                    'while ! test -e' $name >/tmp/$name/DEBIAN/postinst; chmod 0755 /tmp/$name/DEBIAN/postinst
            fi
            dpkg-deb --build /tmp/$name $name.deb >/dev/null
            dpkg-deb --field $name.deb >>Packages
            printf 'Filename: ./%s.deb\nSize: %s\nSHA256: %s\n\n' $name $(stat -c %s $name.deb) \
                $(sha256sum $name.deb | cut -d' ' -f1) >>Packages
        done
        rm -rf /etc/apt/sources.list.d/*; echo 'deb [trusted=yes] file:/opt/lab/repo ./' >/etc/apt/sources.list
        """#)
}
