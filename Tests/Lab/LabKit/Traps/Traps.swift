/// Every trap of the lab: what may go wrong between plan and act.
public enum TrapBook {
    public static let all: [Trap] = evidence + processes + circumstances + interruptions + [everyPoint]

    public static var wanted: [Trap] {
        guard let names = variable("PATCH_DOCTOR_LAB_ONLY")?.split(separator: ",") else { return all }
        return all.filter { trap in names.contains { trap.id.hasPrefix($0) } }
    }

    static let incident = ScenarioBook.incident()
    static let holds = ScenarioBook.incidentHolds
    static let stillHeld = "kill -0 $HOLDER && grep -qz -- --enroll /proc/$HOLDER/cmdline"
    static let noDropIn = "! test -e /etc/systemd/system/linux-patch-api.service.d/50-start-limit.conf"
}

// MARK: - The evidence is not what it must be

extension TrapBook {
    static let evidence: [Trap] = [
        Trap(
            "trap-one-byte", "one byte of the bundle is changed after the plan was read", steps: incident, holds: holds
        ) {
            try $0.plan()
            try $0.shell(
                "f=$(ls -d $BUNDLE/raw/proc/net/tcp) && printf x | dd of=$f bs=1 seek=40 conv=notrunc status=none")
            try $0.expectUntouched { $0.expect(try $0.apply(), 65, says: "not what was sealed") }
            $0.expect("the enrollment lives", stillHeld)
        },
        Trap("trap-other-host", "the bundle is of another machine", steps: incident, holds: holds) {
            try $0.plan()
            try $0.shell("tr 0-9a-f 1-9a-f0 </etc/machine-id >/run/lab/id && cat /run/lab/id >/etc/machine-id")
            try $0.expectUntouched { $0.expect(try $0.apply(), 65, says: "another host") }
            $0.expect("the enrollment lives", stillHeld)
        },
        Trap("trap-other-boot", "the host was booted anew since the evidence was kept", steps: incident, holds: holds) {
            try $0.plan()
            try $0.container.reboot()
            $0.expect(try $0.apply(), 65, says: "earlier boot")
        },
        Trap("trap-other-cause", "another program has taken the port since", steps: incident, holds: holds) {
            try $0.plan()
            // It waits for the port, and so has it before systemd's next attempt.
            try $0.container.start(["perl", "-e", impatientListener])
            $0.expect(Condition("it waits for the port", "pgrep -x perl"))
            // Stopped meanwhile, so that the service's own attempt can't come first.
            try $0.shell("systemctl stop \(Condition.unit) && kill $HOLDER")
            $0.expect(.listening("0.0.0.0:12443", "perl"))
            try $0.shell("systemctl start --no-block \(Condition.unit)")
            $0.expect(.waitsForRestart)
            try $0.expectUntouched { $0.expect(try $0.apply(), 65, says: "out of date") }
            $0.expect(.listening("0.0.0.0:12443", "perl"))
        },
        Trap(
            "trap-healthy-meanwhile", "the holder ended by itself, and the service came up", steps: incident,
            holds: holds
        ) {
            try $0.plan()
            try $0.shell("kill $HOLDER")
            $0.expect(.serves)
            try $0.expectUntouched { $0.expect(try $0.apply(), 65, says: "healthy by now") }
        },
        Trap(
            "trap-started-meanwhile", "somebody else freed and started the unit",
            steps: [
                .package,
                .dropIn(
                    "10-limit", "[Unit]\nStartLimitIntervalSec=60s\nStartLimitBurst=2\n[Service]\nRestartSec=100ms"),
                .startUnit, .wait(.failed), .certificates("good"),
            ], holds: [.failed]
        ) {
            try $0.plan()
            try $0.shell("systemctl reset-failed \(Condition.unit) && systemctl start \(Condition.unit)")
            $0.expect(.serves)
            try $0.expectUntouched { $0.expect(try $0.apply(), 65, says: "healthy by now") }
        },
    ]

    /// Takes the port in the very moment in which it is free.
    static let impatientListener = """
        use Socket; socket(S, PF_INET, SOCK_STREAM, 0); setsockopt(S, SOL_SOCKET, SO_REUSEADDR, 1);
        until (bind(S, sockaddr_in(12443, INADDR_ANY))) { select(undef, undef, undef, 0.0005) } listen(S, 5); sleep 1000
        """
}

// MARK: - The process is not what it was

extension TrapBook {
    static let processes: [Trap] = [
        Trap("trap-number-reused", "the holder's number belongs to an innocent by now", steps: incident, holds: holds) {
            try $0.plan()
            try $0.renumber()
            // Whether the service has come up by then or not: it is refused, or the step is not needed.
            let output = try $0.apply()
            $0.expect([0, 65].contains(output.status), "it exited \(output.status): \(output.complaints)")
            $0.expect("the innocent lives", #"test "$(cat /proc/$HOLDER/comm)" = sleep"#)
        },
        Trap(
            // Seconds between two attempts, so that none of them falls into the moment in which the port is free.
            "trap-second-holder", "a second holder takes the port when the first one ends",
            steps: incident + [.dropIn("11-slow", "[Service]\nRestartSec=4s")], holds: holds
        ) {
            try $0.plan()
            try $0.container.start(["perl", "-e", impatientListener])
            $0.expect(Condition("it waits for the port", "pgrep -x perl"))
            let output = try $0.apply()
            $0.expect(output, 1, says: "port-held-by-foreign-process")
            $0.expect(.listening("0.0.0.0:12443", "perl"))
            $0.expect("the drop-in is taken back", noDropIn)
            $0.expect("a second bundle is kept", "test $(ls -d /var/lib/patch-doctor/evidence/*.evidence | wc -l) = 2")
            $0.expect("the bundle verifies", "patch-doctor verify $BUNDLE >/dev/null")
        },
        Trap(
            "trap-deaf", "the holder does not end on SIGTERM",
            steps: [
                .package, .quickLoop, .certificates("good"),
                .start(["perl", "-e", "$SIG{TERM} = 'IGNORE'; exec '/usr/bin/linux-patch-api'"]),
                .wait(.listening("0.0.0.0:12443")), .loop("Address already in use"),
            ], holds: [.waitsForRestart, .portInUse]
        ) {
            try $0.plan()
            $0.expect(try $0.apply(["--patience", "1"]), 1, says: "SIGKILL was not approved")
            $0.expect("it lives", "kill -0 $HOLDER")
            $0.expect("the drop-in is taken back", noDropIn)
            $0.expect(try $0.apply(["--patience", "1", "--allow-kill"]), 0, says: "SIGKILL")
            $0.expect(.serves)
        },
        Trap("trap-not-approved", "nobody approved, or something else was", steps: incident, holds: holds) {
            try $0.plan()
            let bundle = $0.bundle
            try $0.expectUntouched {
                $0.expect(
                    try $0.container.doctor(["remediate", bundle, "--apply"], as: .root), 64, says: "nobody approved")
                let other = String(repeating: "0", count: 64)
                let wrong = ["remediate", bundle, "--apply", "--approve", other]
                $0.expect(try $0.container.doctor(wrong, as: .root), 65, says: "not this plan")
            }
            $0.expect("the enrollment lives", stillHeld)
        },
    ]
}

extension Stage {
    /// The holder dies, and an innocent gets its number: as the kernel would do it some day.
    func renumber() throws {
        let script = """
            kill -KILL $HOLDER; while kill -0 $HOLDER 2>/dev/null; do :; done
            for try in $(seq 300); do
                echo $((HOLDER - 1)) >&3
                setsid sleep 10000 </dev/null >/dev/null 2>&1 3>&- &
                test $! = $HOLDER && exit 0
                kill $!
            done
            exit 1
            """
        // The file is writable outside only; the write counts for the process namespace of the writer.
        let words = container.inside(["sh", "-c", "HOLDER=\(holder)\n\(script)"])
        try Command(["sh", "-c", #"exec 3>/proc/sys/kernel/ns_last_pid; exec "$@""#, "sh"] + words).output()
    }
}

// MARK: - The circumstances are not what they were

extension TrapBook {
    static let circumstances: [Trap] = [
        Trap("trap-two-at-once", "two people carry it out at once", steps: incident, holds: holds) {
            try $0.plan()
            let words = $0.applying(["--settle", "8"])
            try $0.container.start(words)
            $0.expect(Condition("the first is at work", "test -s /run/patch-doctor/remediation.lock"))
            let pid = try $0.shell("cat /run/patch-doctor/remediation.lock").trimmed
            $0.expect(try $0.apply(), 75, says: "pid \(pid)")
            $0.expect(.serves)
        },
        Trap("trap-not-root", "an ordinary user asks for it", steps: incident, holds: holds) {
            try $0.plan()
            try $0.shell("cp -r $BUNDLE /home/ada/copy.evidence && chown -R ada /home/ada/copy.evidence")
            let digest = $0.digest
            try $0.expectUntouched {
                let words = ["patch-doctor", "remediate", "/home/ada/copy.evidence", "--apply", "--approve", digest]
                $0.expect(try $0.container.execute(["runuser", "--user", "ada", "--"] + words), 77, says: "only root")
            }
            $0.expect("the enrollment lives", stillHeld)
        },
        Trap("trap-bus-gone", "systemd can't be asked any more", steps: incident, holds: holds) {
            try $0.plan()
            try $0.shell("systemctl stop dbus.socket dbus.service; mount --bind /dev/null /run/systemd/private")
            $0.expect(try $0.apply(), 2)
            try $0.shell("umount /run/systemd/private")
            $0.expect("the enrollment lives", stillHeld)
            $0.expect("nothing is written", noDropIn)
        },
        Trap("trap-terminal", "it is asked for at a terminal, and answered", steps: incident, holds: holds) {
            try $0.plan()
            let bundle = $0.bundle
            let asked = "patch-doctor remediate \(bundle) --apply --settle 2"
            try $0.expectUntouched {
                for answers in [[""], ["n"], ["yes"], ["s", "n"]] {
                    let no = try $0.answer(answers, to: asked)
                    $0.expect(![0, 65].contains(no.status), "'\(answers)' was taken for an approval: \(no.text)")
                }
                let early = try $0.answer(["n"], to: asked, typedAhead: "a")
                $0.expect(early, 64, says: "nothing was approved")
            }
            $0.expect("the enrollment lives", stillHeld)
            let yes = try $0.answer(["s", "y", "y", "y", "y", "y"], to: asked)
            $0.expect(yes, 0, says: "HEALED")
            $0.expect(
                "the way of approval is written down",
                "grep -q 'terminal, step by step.*\"tty\":\"/dev/pts/' $BUNDLE/custody.jsonl")
            $0.expect(.serves)
        },
        Trap("trap-who", "it is written down who did it", steps: incident, holds: holds) {
            try $0.plan()
            let words = $0.applying().joined(separator: " ")
            try Step.session("sudo \(words) >/tmp/said 2>&1; echo $? >/tmp/status").carryOut(in: $0.container)
            $0.expect(Condition("it ended well", "test \"$(cat /tmp/status)\" = 0"), within: 30)
            $0.expect(
                "uid, login uid and sudo user are in the chain",
                """
                test $(grep -c '"event":"remedy-' $BUNDLE/custody.jsonl) -ge 6
                ! grep '"event":"remedy-' $BUNDLE/custody.jsonl |
                    grep -v '"loginuid":1000,"sudo_user":"ada",.*"uid":0'
                """)
            $0.expect("the bundle verifies", "patch-doctor verify $BUNDLE >/dev/null")
        },
        Trap(
            "trap-stop-flapping", "a unit that can't run yet is stopped, and nothing else is done",
            steps: [.package, .quickLoop, .loop("TLS CA certificate not found")], holds: [.waitsForRestart]
        ) {
            try $0.plan(["--stop-flapping"])
            let kinds = $0.kinds
            $0.expect(kinds == ["stop-unit"], "its steps are \(kinds)")
            $0.expect(try $0.apply(["--stop-flapping"]), 0, says: "STOPPED")
            $0.expect(.inactive)
            $0.expect("nothing else is done", noDropIn)
        },
        Trap("trap-undo", "what was done is taken back on request", steps: incident, holds: holds) {
            try $0.plan()
            $0.expect(try $0.apply(), 0, says: "HEALED")
            let (bundle, digest) = ($0.bundle, $0.digest)
            $0.expect(
                try $0.container.doctor(["remediate", bundle, "--undo", "--approve", digest], as: .root), 0,
                says: "UNDONE")
            $0.expect("the drop-in is gone", noDropIn)
            $0.expect(.serves)
        },
    ]

    /// SIGKILL at every point at which a run changes something or writes it down: the same command again must end in
    /// health, whatever the point.
    static let everyPoint = Trap(
        "trap-every-point", "SIGKILL at every point of a run", steps: incident + [.start(["sleep", "10000"])],
        holds: holds
    ) {
        var point = 1
        while point <= 60 {
            try $0.plan()
            let (bundle, words) = ($0.bundle, $0.applying(["--settle", "1"]))
            let killed = try $0.container.execute(
                ["env", "LD_PRELOAD=/opt/lab/executioner.so", "EXECUTION_AT=\(point)"] + words, within: 120)
            let isOver = killed.status == 0
            if !isOver {
                $0.expect(
                    killed.status == 137,
                    "point \(point): it was to be killed and exited \(killed.status): \(killed.complaints)")
                let told = try $0.container.doctor(["remediate", bundle], as: .root)
                $0.expect(told.status == 0, "point \(point): the plan can't be read again: \(told.complaints)")
                let again = try $0.container.execute(words, within: 120)
                $0.expect(
                    again.status == 0 || again.complaints.contains("healthy by now"),
                    "point \(point): the next run exited \(again.status): \((again.text + again.complaints).prefix(600))"
                )
            }
            $0.expect(.serves)
            $0.expect("point \(point): the bundle verifies", "patch-doctor verify $BUNDLE >/dev/null")
            $0.expect("point \(point): nobody else was ended", "pgrep -x sleep >/dev/null")
            if isOver { break }
            if !$0.complaints.isEmpty { return }
            try $0.breakAgain()
            point += 1
        }
        $0.expect(point > 12, "only \(point) points were met")
        put("trap-every-point: killed at each of \(point - 1) points, healed each time\n")
    }
}

extension Stage {
    /// The incident once more, from the end that heals it.
    fileprivate func breakAgain() throws {
        try shell(
            """
            systemctl stop \(Condition.unit); rm -rf /run/lab/approved
            rm -f /etc/systemd/system/linux-patch-api.service.d/50-start-limit.conf
            rm -rf /var/lib/patch-doctor/evidence/*
            systemctl daemon-reload
            """)
        try Step.session("sudo linux-patch-api --enroll https://manager.example").carryOut(in: container)
        try Step.approve().carryOut(in: container)
        for step in [Step.wait(.listening("0.0.0.0:12443")), .startUnit, .wait(.waitsForRestart)] {
            try step.carryOut(in: container)
        }
    }
}
