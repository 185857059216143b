// MARK: - It is broken off

extension TrapBook {
    /// What is done where it can't be written down, and what is said to somebody who breaks a run off.
    static let interruptions: [Trap] = [
        Trap("trap-custody-gone", "the bundle can't be written any more in mid-run", steps: incident, holds: holds) {
            try $0.plan()
            let bundle = $0.bundle
            try $0.shell("mkdir /mnt/b && mount --bind $BUNDLE /mnt/b && mount -o remount,bind,ro /mnt/b")
            let digest = $0.digest
            try $0.expectUntouched {
                let words = ["patch-doctor", "remediate", "/mnt/b", "--apply", "--approve", digest, "--settle", "1"]
                $0.expect(try $0.container.execute(words, within: 60), 1, says: "could not be written down")
            }
            try $0.shell("umount /mnt/b")
            // Between the first step and the second one.
            let asked = "patch-doctor remediate \(bundle) --apply --settle 1"
            let stop = "mount --bind \(bundle) \(bundle) && mount -o remount,bind,ro \(bundle)"
            let stopped = try $0.answer(["s", "y", "y"], to: asked, before: [2: stop])
            $0.expect(stopped, 1, says: "could not be written down")
            $0.expect("the first step is done", "! { \(noDropIn); }")
            $0.expect("the second one is not", "systemctl show -p NeedDaemonReload linux-patch-api | grep -q yes")
            $0.expect("the enrollment lives", stillHeld)
            try $0.shell("umount $BUNDLE")
            $0.expect(try $0.apply(), 0, says: "HEALED")
        },
        Trap("trap-broken-off", "somebody presses Ctrl-C while it is at work", steps: incident, holds: holds) {
            try $0.plan()
            let words = "patch-doctor remediate \($0.bundle) --apply --settle 30"
            let interrupted = try $0.answer(
                ["a", "\u{3}"], to: words,
                before: [1: "until grep -q '\"step\":\"5\"' \($0.bundle)/custody.jsonl; do sleep 0.1; done"])
            $0.expect(interrupted, 130, says: "--undo")
            $0.expect("nothing is written down as ended", "! grep -q remedy-ended $BUNDLE/custody.jsonl")
            $0.expect(try $0.apply(), 0, says: "HEALED")
        },
    ]
}

extension Stage {
    /// A person at a terminal who waits for each question before answering it; `before` is done first, by the number of
    /// the question. What is no line, as Ctrl-C, waits for no question.
    func answer(
        _ answers: [String], to command: String, typedAhead: String? = nil, before: [Int: String] = [:]
    ) throws -> Command.Output {
        var script = """
            cd /run/lab && rm -f said keys && mkfifo keys && : >said
            asked() {
                i=0
                until test $(grep -ac -e '\\[N\\]othing' -e '\\[y/N\\]' said) -ge $1 || test $((i += 1)) -gt 300
                do sleep 0.1; done
            }
            # What a shell starts with '&' ignores SIGINT.
            env --default-signal=INT script --quiet --return --command '\(command)' /dev/null <keys >said 2>&1 &
            exec 3>keys

            """
        if let typedAhead { script += "printf '\(typedAhead)\\n' >&3\n" }
        for (number, answer) in answers.enumerated() {
            let isLine = answer != "\u{3}"
            if isLine { script += "asked \(number + 1)\n" }
            if let deed = before[number] { script += deed + "\n" }
            script += isLine ? "printf '\(answer)\\n' >&3\n" : "printf '\\003' >&3\n"
        }
        script += "wait $!; status=$?; cat said; exit $status"
        return try container.execute(["sh", "-c", script], within: 90)
    }
}
