extension ScenarioBook {
    /// Machines that do not run any more: the doctor of another one is shown their disk, or their journal.
    static let deadHosts: [Scenario] = onDisk + inJournal + aheadOfIt + innocent + hostile

    /// What kept the service down lies on the disk.
    private static let onDisk: [Scenario] = [
        dead(
            "dead-cert-missing", "no certificate was ever made", .poweredOff,
            steps: [.package, .quickLoop, .loop(noAuthority)], holds: [.waitsForRestart, .logged(noAuthority)],
            expect: [.root("cert-missing", subject: "echo ca.pem", confidence: "conclusive"), .endlessLoop]),
        dead(
            "dead-cert-expired", "the server certificate had expired before the host died", .powerCut,
            steps: ready("expired") + [.mode("strict"), .loop("TLS server certificate expired")],
            holds: [.waitsForRestart],
            expect: [.root("cert-expired", subject: "echo server.pem", confidence: "conclusive"), .endlessLoop],
            says: ["before its journal ends"]),
        dead(
            "dead-exec-missing", "the program is gone", .powerCut,
            steps: ready() + [.shell("rm /usr/bin/linux-patch-api"), .loop()],
            holds: [.waitsForRestart, .property("ExecMainStatus", "203")],
            expect: [.root("exec-missing", confidence: "conclusive"), .endlessLoop], mustNot: ["exit-code-loop"]),
        dead(
            "dead-interpreter-missing", "the program's ELF interpreter is not there", .poweredOff,
            steps: ready() + [
                .shell("sed -i s/ld-linux-x86-64.so.2/ld-linux-x86-64.so.9/ /usr/bin/linux-patch-api"), .loop(),
            ],
            holds: [.waitsForRestart, .property("ExecMainStatus", "203")],
            expect: [
                .root("exec-missing", subject: "echo ld-linux-x86-64.so.9", confidence: "conclusive"), .endlessLoop,
            ], mustNot: ["exit-code-loop", "exec-not-permitted"]),
        dead(
            "dead-unit-masked", "the unit is masked", .poweredOff,
            steps: [
                .installed, .certificates("good"),
                .masked,
            ],
            holds: [.property("LoadState", "masked"), .inactive], expect: [.root("unit-masked")],
            mustNot: ["unit-missing", "unit-disabled"]),
        dead(
            "dead-unit-disabled", "the unit was never enabled, which need not be why it did not run", .powerCut,
            steps: [.installed, .certificates("good"), .shell("systemctl daemon-reload")],
            holds: [.property("UnitFileState", "disabled"), .inactive], expect: [.risk("unit-disabled")],
            mustNot: ["unit-missing", "unit-masked"], tolerates: ["start-limit-ineffective"],
            verdicts: ["undetermined"]),
        dead(
            "dead-start-limit-ineffective", "the start limit stands in [Service], where it has no effect", .poweredOff,
            steps: [
                .package,
                .dropIn("10-brake", "[Service]\nRestartSec=10s\nStartLimitBurst=5\nStartLimitIntervalSec=300"),
                .startUnit, .wait(.restarts(atLeast: 1), within: 30),
            ],
            holds: [.waitsForRestart, .property("StartLimitIntervalUSec", "10s")],
            expect: [
                .root("cert-missing"),
                Expectation("start-limit-ineffective", roles: ["contributing"], subject: "echo 10-brake.conf"),
            ], mustNot: ["start-limit-hit"]),
        dead(
            "dead-start-limit-hit", "systemd had given up on the service", .poweredOff,
            steps: [.package, .dropIn("10-limit", "[Service]\nRestartSec=100ms"), .startUnit, .wait(.failed)],
            holds: [.failed, .logged("Start request repeated too quickly")],
            expect: [.root("cert-missing"), .contributing("start-limit-hit")],
            mustNot: ["start-limit-ineffective", "exit-code-loop"]),
        dead(
            "dead-config-invalid", "the configuration is no YAML", .powerCut,
            steps: ready() + [.configuration(("  timeout_seconds", "\ttimeout_seconds")), .loop()],
            holds: [.waitsForRestart],
            expect: [.root("config-invalid", confidence: "conclusive"), .endlessLoop]),
    ]

    /// What kept the service down ended with the host: the failures' own words are the only witness.
    private static let inJournal: [Scenario] = [
        dead(
            "dead-incident", "an orphaned enrollment held the port, and went with the host", .poweredOff,
            steps: incident(), holds: incidentHolds,
            expect: [
                .root("port-holder-hidden", confidence: "probable"), .origin("cert-missing"), .endlessLoop,
            ], mustNot: holders, verdicts: ["undetermined"],
            says: ["Address already in use", "only the running host can tell"], saysNot: heldNow),
        dead(
            "dead-incident-journal", "the same, of which only the journal is left", .powerCut,
            steps: incident(), holds: incidentHolds,
            expect: [.root("port-holder-hidden", confidence: "probable"), .origin("cert-missing")],
            mustNot: holders, verdicts: ["undetermined"], view: .journal, saysNot: heldNow),
        dead(
            "dead-library-missing", "the program needs a library that is not installed", .poweredOff,
            steps: ready() + [
                .shell("sed -i s/libssl.so.3/libssl.so.4/ /usr/bin/linux-patch-api"),
                .loop("error while loading shared libraries: libssl.so.4"),
            ],
            holds: [.waitsForRestart, .property("ExecMainStatus", "127")],
            expect: [.root("library-missing", subject: "echo libssl.so.4"), .endlessLoop],
            mustNot: ["exec-missing", "exit-code-loop"], verdicts: ["unhealthy", "undetermined"]),
        dead(
            "dead-disk-full", "a file system in memory was full, and is empty by now", .powerCut,
            steps: [.package, .quickLoop, .certificates("good"), .mode("write-state"), .smallState, .stateFilled]
                + [.loop("No space left on device")],
            holds: [.waitsForRestart],
            expect: [.root("disk-full", confidence: "probable"), .endlessLoop],
            mustNot: ["filesystem-read-only", "exit-code-loop"], verdicts: ["undetermined"],
            says: ["No space left on device"]),
        dead(
            "dead-journal-alone", "of a host without certificates only the journal is left", .poweredOff,
            steps: [.package, .quickLoop, .loop(noAuthority)], holds: [.waitsForRestart],
            expect: [.root("cert-missing", subject: "echo ca.pem", confidence: "probable")],
            mustNot: ["exit-code-loop"], verdicts: ["undetermined"], view: .journal,
            says: ["journal files alone", "only the running host can tell"]),
        dead(
            "dead-journal-elsewhere", "somebody took the journal off the disk and kept it", .poweredOff,
            steps: [.package, .quickLoop, .loop(noAuthority)], holds: [.waitsForRestart],
            expect: [.root("cert-missing", confidence: "conclusive"), .endlessLoop], view: .diskAndJournal,
            meanwhile: #"mv "$disk/var/log/journal" "$bench/journal""#, says: ["History, from the journal"]),
    ]

    /// The service was well, and something threatens the next boot or the next update.
    private static let aheadOfIt: [Scenario] = [
        dead(
            "dead-boot-at-risk", "the newest kernel has no initial ramdisk", .powerCut,
            steps: [
                .package, .certificates("good"), .startUnit,
                .write("/opt/lab/ramdisk", LabFiles.text("ramdisk.pl"), mode: "0755"),
                .kernel(
                    "6.1.0-9-amd64",
                    ramdisk: "$ramdisk init usr/lib/modules/$version/kernel/fs/ext4/ext4.ko | gzip"),
                .kernel("6.1.0-18-amd64", ramdisk: nil),
            ],
            holds: [.active, .serves], expect: [.risk("boot-at-risk")], tolerates: ["start-limit-ineffective"],
            verdicts: ["undetermined"]),
        dead(
            "dead-package-half-installed", "the package's script failed, and nobody configured it since", .poweredOff,
            steps: [.package, .certificates("good"), .startUnit, .halfInstalled], holds: [.active, .serves],
            expect: [.risk("package-half-installed")], tolerates: ["start-limit-ineffective"],
            verdicts: ["undetermined"]),
        dead(
            "dead-cert-expiring", "the server certificate outlives the host by three days", .poweredOff,
            steps: [.package, .certificates("expiring-soon"), .startUnit], holds: [.active, .serves],
            expect: [.risk("cert-expiring-soon")], mustNot: ["cert-expired"], tolerates: ["start-limit-ineffective"],
            verdicts: ["undetermined"]),
    ]

    /// Nothing is to be found.
    private static let innocent: [Scenario] = [
        dead(
            "dead-healthy", "the service ran until the host was shut down", .poweredOff,
            steps: [.package, .certificates("good"), .startUnit], holds: [.active, .serves], expect: [],
            tolerates: ["start-limit-ineffective"], verdicts: ["undetermined"],
            says: ["shows nothing that keeps the service from starting", "nothing was changed there"]),
        dead(
            "dead-healthy-cut", "the service ran until the host lost its power", .powerCut,
            steps: [.package, .certificates("good"), .startUnit], holds: [.active, .serves], expect: [],
            tolerates: ["start-limit-ineffective"], verdicts: ["undetermined"],
            says: ["shows nothing that keeps the service from starting"]),
        dead(
            "dead-healthy-after-loop", "the service ran, and a crash loop of the past was long over", .powerCut,
            steps: [
                .package, .quickLoop, .loop(noAuthority), .certificates("good"), .wait(.serves),
                .shell("systemctl restart \(Condition.unit)"), .wait(.serves), .wait(.outlived),
                // Somebody's line: how long the host lived is told by its journal's end alone.
                .shell("echo still here | systemd-cat && journalctl --sync"),
            ],
            holds: [.active, .serves, .property("NRestarts", "0"), .logged(noAuthority)], expect: [],
            mustNot: ["cert-missing", "exit-code-loop"], tolerates: ["start-limit-ineffective"],
            verdicts: ["undetermined"], says: ["shows nothing that keeps the service from starting"]),
        dead(
            "dead-healthy-agent", "the agent itself served until the host lost its power", .powerCut,
            steps: [.serving()], holds: [.active, .answers], expect: [], verdicts: ["undetermined"], patient: .agent),
        dead(
            "dead-part-unmounted", "the host's /usr and /var lie on file systems that nobody mounted", .poweredOff,
            steps: [.package, .certificates("good"), .startUnit], holds: [.active, .serves], expect: [],
            mustNot: ["exec-missing", "unit-missing"], tolerates: ["start-limit-ineffective"],
            verdicts: ["undetermined"],
            meanwhile: """
                for part in usr var; do
                    rm -r "$disk/$part"; mkdir "$disk/$part"
                    echo "UUID=0-$part /$part ext4 defaults 0 2" >>"$disk/etc/fstab"
                done
                """, says: ["'/usr' of that host is a file system of its own", "without its journal"]),
    ]

    /// A disk that can't be written to, one that lies about where it ends, and a journal that was cut.
    private static let hostile: [Scenario] = [
        dead(
            "dead-read-only", "the disk is mounted read-only", .powerCut,
            steps: [.package, .quickLoop, .loop(noAuthority)], holds: [.waitsForRestart],
            expect: [.root("cert-missing", confidence: "conclusive"), .endlessLoop], isReadOnly: true),
        dead(
            "dead-link-inside", "the certificates lie behind an absolute link, which is the dead host's own",
            .poweredOff,
            steps: [
                .package, .certificates("good"),
                .shell("cd /etc/linux_patch_api && mv certs/* /etc/ssl && rmdir certs && ln -s /etc/ssl certs"),
                .startUnit,
            ],
            holds: [.active, .serves], expect: [], mustNot: ["cert-missing", "cert-untrusted"],
            tolerates: ["start-limit-ineffective"], verdicts: ["undetermined"],
            meanwhile: "! test -e /etc/ssl/server.pem"),
        dead(
            "dead-link-outside", "certificates and configuration lie behind links that only this machine could follow",
            .poweredOff, steps: [.package, .certificates("good"), .startUnit], holds: [.active, .serves],
            expect: [.root("cert-missing", subject: "echo server.pem", confidence: "conclusive")],
            tolerates: ["start-limit-ineffective"],
            meanwhile: #"""
                mv "$disk/etc/linux_patch_api/certs" "$bench/certs"
                ln -s "$bench/certs" "$disk/etc/linux_patch_api/certs"
                test -e "$disk/etc/linux_patch_api/certs/server.pem"
                """#),
        dead(
            "dead-link-to-secrets", "the configuration is a link to what this machine keeps to itself", .poweredOff,
            steps: [.package, .certificates("good"), .startUnit], holds: [.active, .serves],
            expect: [.root("config-missing", confidence: "conclusive")], tolerates: ["start-limit-ineffective"],
            meanwhile: #"""
                echo 'server: {port: 4711, secret-of-the-lab: yes}' >"$bench/secret"
                rm "$disk/etc/linux_patch_api/config.yaml"
                ln -s "../../../../../../../../../../../../$bench/secret" "$disk/etc/linux_patch_api/config.yaml"
                """#, saysNot: ["4711", "secret-of-the-lab"]),
        dead(
            "dead-journal-cut", "the journal's file was cut in the middle", .powerCut,
            steps: [
                .package, .quickLoop, .loop(noAuthority), .wait(.restarts(atLeast: 3)),
                .shell("journalctl --quiet --rotate"), .wait(.restarts(atLeast: 5)),
            ],
            holds: [.waitsForRestart],
            expect: [.root("cert-missing", confidence: "conclusive"), .risk("journal-incomplete"), .endlessLoop],
            // The rotation may fall between an attempt's words and its end, which then stands there without a reason.
            tolerates: ["exit-code-loop"], meanwhile: cut("system.journal"), says: ["damaged"]),
        dead(
            "dead-journal-cut-alone", "the same, and the journal is all that is left", .powerCut,
            steps: [
                .package, .quickLoop, .loop(noAuthority), .wait(.restarts(atLeast: 3)),
                .shell("journalctl --quiet --rotate"), .wait(.restarts(atLeast: 5)),
            ],
            holds: [.waitsForRestart],
            expect: [.root("cert-missing", confidence: "probable"), .risk("journal-incomplete")],
            tolerates: ["exit-code-loop"], verdicts: ["undetermined"], view: .journal,
            meanwhile: cut("system.journal"), says: ["damaged"]),
        dead(
            "dead-journal-gone", "every file of the journal was cut in the middle", .powerCut,
            steps: [.package, .quickLoop, .loop(noAuthority)], holds: [.waitsForRestart],
            expect: [.root("cert-missing", confidence: "conclusive")], tolerates: ["start-limit-ineffective"],
            meanwhile: cut("*.journal"), says: ["Not seen"]),
    ]

    private static let noAuthority = "TLS CA certificate not found"
    private static let holders: Set<String> = [
        "port-held-by-enrollment", "port-held-by-stray-agent", "port-held-by-foreign-process", "port-held-by-leftover",
        "port-blocked-by-time-wait", "enrollment-orphaned",
    ]
    /// Of a host that does not run nobody can say so.
    private static let heldNow = ["holds the port", "Happening now", "Somebody listens"]

    private static func ready(_ certificates: String = "good") -> [Step] {
        [.package, .quickLoop, .certificates(certificates)]
    }

    /// Half of each such file, as a disk that failed leaves it.
    private static func cut(_ name: String) -> String {
        """
        found=0
        for file in "$disk"/var/log/journal/*/\(name); do
            truncate --size=$(($(stat --format=%s "$file") / 2)) "$file"; found=1
        done
        test $found = 1
        """
    }

    private static func dead(
        _ id: String, _ name: String, _ end: Remains.End, steps: [Step], holds: [Condition], expect: [Expectation],
        mustNot: Set<String> = [], tolerates: Set<String> = [], verdicts: Set<String> = ["unhealthy"],
        view: Remains.View = .disk, meanwhile: String = "", isReadOnly: Bool = false,
        patient: Scenario.Patient = .oldAgent, says: [String] = [], saysNot: [String] = []
    ) -> Scenario {
        var scenario = Scenario(
            id, name, steps: steps, holds: holds, expect: expect, mustNot: mustNot, tolerates: tolerates,
            verdicts: verdicts)
        scenario.patient = patient
        scenario.remains = Remains(
            end: end, view: view, meanwhile: meanwhile, isReadOnly: isReadOnly, says: says, saysNot: saysNot)
        return scenario
    }
}
