extension ScenarioBook {
    /// What is wrong with the host rather than with the agent: its next boot, its disks, its limits, its package.
    static let host: [Scenario] = boot + storageOfOld + limitsOfHost + records

    private static let boot: [Scenario] = [
        booting(
            "boot-at-risk", "the newest kernel has no initial ramdisk, and everything runs",
            [.kernel("6.1.0-9-amd64", ramdisk: whole), .kernel("6.1.0-18-amd64", ramdisk: nil)],
            holds: "test ! -e /boot/initrd.img-6.1.0-18-amd64", expect: [.risk("boot-at-risk")]),
        booting(
            "boot-at-risk-no-modules", "the newest kernel's initial ramdisk was made where modules were hidden",
            [
                .kernel("6.1.0-9-amd64", ramdisk: whole),
                .kernel(
                    "6.1.0-18-amd64",
                    ramdisk: "$ramdisk kernel/x86/microcode/AuthenticAMD.bin; $ramdisk init usr/bin/busybox | gzip"),
            ],
            holds: "! zcat /run/lab-ramdisk | grep -qa '[.]ko'",
            expect: [
                Expectation("boot-at-risk", roles: ["risk"], subject: "echo 6.1.0-18-amd64", confidence: "conclusive")
            ]),
        booting(
            "decoy-boot-whole", "kernels whose ramdisks hold modules, behind microcode and compressed or not",
            [
                .kernel("6.1.0-9-amd64", ramdisk: "$ramdisk init"),
                .kernel(
                    "6.1.0-18-amd64",
                    ramdisk: "$ramdisk kernel/x86/microcode/AuthenticAMD.bin; head -c 700 /dev/zero; \(whole)"),
            ],
            holds: "zcat /run/lab-ramdisk | grep -qa 'ext4[.]ko'", expect: [], mustNot: ["boot-at-risk"]),
    ]

    private static let whole = "$ramdisk init usr/bin/busybox usr/lib/modules/$version/kernel/fs/ext4/ext4.ko | gzip"

    private static func booting(
        _ id: String, _ name: String, _ kernels: [Step], holds script: String, expect: [Expectation],
        mustNot: Set<String> = []
    ) -> Scenario {
        // The compressed part of the newest one, for a look with stock tools.
        let part = Step.shell(
            """
            test -e /boot/initrd.img-6.1.0-18-amd64 || exit 0
            perl -0777 -ne 'print substr($_, index($_, "\\x1f\\x8b"))' /boot/initrd.img-6.1.0-18-amd64 >/run/lab-ramdisk
            """)
        return Scenario(
            id, name,
            steps: [
                .package, .certificates("good"), .startUnit,
                .write("/opt/lab/ramdisk", LabFiles.text("ramdisk.pl"), mode: "0755"),
            ]
                + kernels + [part],
            holds: [.active, .serves, Condition("the ramdisk is as named", script)], expect: expect, mustNot: mustNot,
            tolerates: ["start-limit-ineffective"], verdicts: ["healthy"])
    }

    /// The old agent writes its state, and can't.
    private static let storageOfOld: [Scenario] = [
        Scenario(
            "disk-full", "the file system of the agent's state is full",
            steps: [.package, .quickLoop, .certificates("good"), .mode("write-state"), .smallState, .stateFilled]
                + [.loop("No space left on device")],
            holds: [
                .waitsForRestart,
                Condition("there is no room", "test $(df --output=avail /var/lib/linux_patch_api | tail -n 1) = 0"),
            ],
            expect: [.root("disk-full", subject: "echo /var/lib/linux_patch_api"), .endlessLoop],
            mustNot: ["filesystem-read-only", "exit-code-loop"], loops: true,
            then: [.healed("the file system has room again", [.stateEmptied], expect: [])]),
        Scenario(
            "filesystem-read-only", "the file system of the agent's state is read-only",
            steps: [
                .package, .quickLoop, .certificates("good"), .mode("write-state"), .smallState, .stateReadOnly,
                .loop("Read-only file system"),
            ],
            holds: [
                .waitsForRestart,
                Condition("nobody can write there", "! touch /var/lib/linux_patch_api/x 2>/dev/null"),
            ],
            expect: [.root("filesystem-read-only", subject: "echo /var/lib/linux_patch_api"), .endlessLoop],
            mustNot: ["disk-full", "exit-code-loop"], loops: true,
            then: [.healed("it is writable again", [.stateWritable])]),
        Scenario(
            "decoy-disk-full-elsewhere", "a file system that is none of the agent's is full",
            steps: [
                .package, .certificates("good"), .startUnit,
                .mounted("/srv/other"),
                .shell("cd /srv/other; dd if=/dev/zero of=filler bs=4k status=none 2>/dev/null; test -s filler"),
            ],
            holds: [.active, .serves], expect: [], mustNot: ["disk-full"], tolerates: ["start-limit-ineffective"],
            verdicts: ["healthy"]),
    ]

    private static let limitsOfHost: [Scenario] = [
        Scenario(
            "descriptor-limit", "the unit may open fewer files than its program needs to start",
            steps: [
                .package, .quickLoop, .certificates("good"), .mode("leak-first"), .descriptors(32),
                .loop("Too many open files (os error 24)"),
            ],
            holds: [.waitsForRestart, .property("LimitNOFILESoft", "32"), .property("Result", "exit-code")],
            expect: [.root("descriptor-limit", subject: "echo 32"), .endlessLoop],
            mustNot: ["port-held-by-foreign-process", "exit-code-loop", "port-not-reachable"], loops: true),
        Scenario(
            "descriptor-limit-serving", "the agent leaks descriptors, has as many as it may have, and accepts nobody",
            steps: [
                .package, .certificates("good"), .mode("leak"), .descriptors(64), .startUnit,
                .wait(.listening("0.0.0.0:12443")),
                .start(["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/12443; sleep 60"]),
                .wait(.logged("Too many open files (os error 24)")),
            ],
            holds: [
                .active, .serves,
                Condition(
                    "64 descriptors are open",
                    "test $(ls /proc/$(systemctl show --property=MainPID --value \(Condition.unit))/fd | wc -l) = 64"),
            ],
            expect: [.root("descriptor-limit", subject: "systemctl show --property=MainPID --value \(Condition.unit)")],
            mustNot: ["served-cert-stale", "port-not-reachable"], tolerates: ["start-limit-ineffective"]),
    ]

    private static let records: [Scenario] = [
        Scenario(
            "package-half-installed", "the package's script failed, and nobody configured it since",
            steps: [
                .package, .certificates("good"), .startUnit, .halfInstalled,
            ],
            holds: [
                .active, .serves,
                Condition(
                    "dpkg says so",
                    "dpkg-query --show --showformat='${Status}' linux-patch-api | grep -qx 'install ok half-configured'"
                ),
            ],
            expect: [.risk("package-half-installed")], tolerates: ["start-limit-ineffective"], verdicts: ["healthy"]),
        Scenario(
            "journal-incomplete", "the journal of the loop's beginning was rotated away",
            steps: [
                .package, .quickLoop, .loop("TLS CA certificate not found"), .wait(.restarts(atLeast: 5)),
                .shell("journalctl --quiet --rotate && journalctl --quiet --vacuum-files=1 >/dev/null 2>&1"),
                .wait(.logged("TLS CA certificate not found")),
            ],
            holds: [
                .waitsForRestart,
                Condition(
                    "the journal holds fewer restarts than systemd counts",
                    """
                    counted=$(systemctl show --property=NRestarts --value \(Condition.unit))
                    test $(journalctl --quiet MESSAGE_ID=5eb03494b6584870a536b337290809b3 -o cat | wc -l) -lt $counted
                    """),
            ],
            expect: [.root("cert-missing"), .risk("journal-incomplete"), .endlessLoop],
            // The rotation may fall between an attempt's words and its end, which then stands there without a reason.
            tolerates: ["exit-code-loop"], loops: true),
    ]
}

extension Step {
    /// A kernel with its modules, and with the ramdisk that a script makes; without one where there is none.
    static func kernel(_ version: String, ramdisk script: String?) -> Step {
        let modules = """
            set -e; version=\(version); ramdisk=/opt/lab/ramdisk
            install -d /boot /usr/lib/modules/$version/kernel/fs/ext4
            echo ext4 >/usr/lib/modules/$version/kernel/fs/ext4/ext4.ko
            echo kernel >/boot/vmlinuz-$version
            """
        return .shell(modules + (script.map { "\n{ \($0); } >/boot/initrd.img-$version" } ?? ""))
    }

    /// The package once more, with a script that fails.
    static let halfInstalled = Step.shell(
        #"""
        set -e; mkdir -p /tmp/build/DEBIAN
        printf 'Package: linux-patch-api\nVersion: 1.1.17\nArchitecture: all\n%s\n%s\n' \
            'Maintainer: lab <lab@lab>' 'Description: agent' >/tmp/build/DEBIAN/control
        printf '#!/bin/sh\nexit 1\n' >/tmp/build/DEBIAN/postinst; chmod 0755 /tmp/build/DEBIAN/postinst
        dpkg-deb --build /tmp/build /tmp/agent.deb >/dev/null
        ! dpkg --install /tmp/agent.deb 2>/dev/null
        """#)

    /// As many files as the unit may have open.
    static func descriptors(_ count: Int) -> Step { dropIn("30-files", "[Service]\nLimitNOFILE=\(count)") }

    /// A file system of its own below the agent's state, so small that it can be filled.
    static let smallState = Step.mounted("/var/lib/linux_patch_api")
    static func mounted(_ directory: String) -> Step {
        .all([
            .shell("mkdir -p \(directory) && mount -t tmpfs -o size=2m,mode=0755 small \(directory)"),
            // systemd learns of it a moment later.
            .wait(
                Condition(
                    "systemd knows the mount", "systemctl is-active --quiet $(systemd-escape --path \(directory)).mount"
                )),
        ])
    }
    static let stateFilled = Step.shell(
        "cd /var/lib/linux_patch_api && dd if=/dev/zero of=filler bs=4k status=none 2>/dev/null; test -s filler")
    static let stateEmptied = Step.shell("rm /var/lib/linux_patch_api/filler")
    static let stateReadOnly = Step.shell("mount -o remount,ro /var/lib/linux_patch_api")
    static let stateWritable = Step.shell("mount -o remount,rw /var/lib/linux_patch_api")
}

extension Condition {
    /// The latest attempts, one or two of them, say this: what came before does not count.
    static func lately(_ text: String) -> Self {
        Self(
            "the latest attempt says '\(text)'",
            "journalctl --quiet --unit=\(unit) --output=cat --lines=8 | grep -qF -e '\(text)'")
    }

    /// So long active that nobody takes it for one more attempt.
    static let outlived = Self(
        "the unit has been active for two seconds",
        "test $(($(date +%s) - $(date +%s --date \"$(systemctl show --property=ActiveEnterTimestamp --value \(unit))\"))) -ge 2"
    )
}
