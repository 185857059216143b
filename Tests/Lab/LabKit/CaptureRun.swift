/// What keeping evidence by itself costs a host whose service fails again and again: the same loop with the drop-in of
/// patch-doctor and without it, in turns, and what 120,000 restarts would come to.
enum CaptureRun {
    private static let rounds = 3
    private static let restarts = Int(variable("RESTARTS") ?? "") ?? 3000

    static func measure() throws -> Int32 {
        if let obstacle = Laboratory.obstacle { throw Command.Failure(description: "no bench here: \(obstacle)") }
        let laboratory = try Laboratory()
        guard laboratory.hasDoctor else {
            throw Command.Failure(description: "there is no patch-doctor beside this program: run 'make release'")
        }
        let container = try laboratory.container("bench")
        defer { container.end() }
        let loop = "[Unit]\nStartLimitIntervalSec=0\n[Service]\nRestartSec=0"
        for step in [Step.package, .dropIn("10-quick", loop)] { try step.carryOut(in: container) }

        var (without, with) = (Cost(), Cost())
        for _ in 0..<rounds {
            try container.shell("rm -rf \(dropIn.parent) && systemctl daemon-reload")
            without += try run(in: container)
            try Step.watchedOver.carryOut(in: container)
            with += try run(in: container)
        }
        let kept = try container.shell("ls \(captures)/*/*/*.zst | wc -l; du -sk \(captures) | cut -f1").lines
        let said = try container.shell("journalctl --quiet --output=cat --identifier=patch-doctor | wc -l").trimmed
        // What a quarter of an hour, and what a day brings.
        let refusal = try cost(of: 20, "", in: container)
        let capture = try cost(of: 5, "rm -rf \(captures);", in: container)

        let added = with.milliseconds - without.milliseconds
        put("without the drop-in: \(without.words)\nwith it:             \(with.words)\n")
        put("added: \(tenths(added)) ms of CPU a restart; ")
        put("\(kept.first ?? "?") bundles, \(kept.last ?? "?") KiB on disk, \(said) lines in the journal\n")
        put("a look that keeps nothing: \(tenths(refusal)) ms; one that keeps a bundle: \(tenths(capture)) ms\n")
        for pace in [5.0, 10.0] {
            let seconds = 120_000 * pace
            let spent = 120_000 * added + seconds / 900 * refusal + (seconds / 86400 + 2) * capture
            put(
                "120,000 restarts, one in \(Int(pace)) s: \(Int(spent / 1000)) s of CPU in \(tenths(seconds / 86400)) days, "
            )
            put("\(tenths(spent / seconds) ) per mille of a core (all that systemd does of it: ")
            put("\(tenths((spent + 120_000 * without.milliseconds) / seconds)))\n")
        }
        return 0
    }

    private static let captures = "/var/lib/patch-doctor/captures"
    private static let dropIn = "/usr/lib/systemd/system/\(Condition.unit).d/10-patch-doctor.conf"

    /// CPU time of systemd, of all that it started, and of the journal.
    private struct Cost {
        var (restarts, own, children, journal) = (0, 0, 0, 0)

        static func += (left: inout Cost, right: Cost) {
            left.restarts += right.restarts
            left.own += right.own
            left.children += right.children
            left.journal += right.journal
        }

        /// Of a restart; the clock ticks are hundredths of a second (proc_pid_stat(5)).
        var milliseconds: Double { each(own + children + journal) }
        private func each(_ ticks: Int) -> Double { Double(ticks) * 10 / Double(max(1, restarts)) }

        var words: String {
            "\(restarts) restarts, \(tenths(milliseconds)) ms each (systemd \(tenths(each(own))), "
                + "what it starts \(tenths(each(children))), journal \(tenths(each(journal))))"
        }
    }

    private static let ticks = """
        ticks() { sed 's/.*) //' /proc/$1/stat | cut -d' ' -f12-15; }
        journald=$(systemctl show --property=MainPID --value systemd-journald)
        count() { systemctl show --property=NRestarts --value \(Condition.unit); }
        """

    private static func run(in container: Container) throws -> Cost {
        let script = """
            \(ticks)
            systemctl reset-failed \(Condition.unit) 2>/dev/null; systemctl start --no-block \(Condition.unit)
            until test $(count) -ge 20; do sleep 0.2; done
            echo $(count) $(ticks 1) $(ticks $journald)
            until test $(count) -ge \(restarts / rounds); do sleep 1; done
            echo $(count) $(ticks 1) $(ticks $journald)
            systemctl stop \(Condition.unit)
            """
        let lines = try container.execute(["sh", "-c", script], within: 900).text.lines
            .map { $0.split(separator: " ").compactMap { Int($0) } }.filter { $0.count == 9 }
        guard lines.count == 2 else { throw Command.Failure(description: "the loop could not be measured") }
        let spent = zip(lines[1], lines[0]).map { $0 - $1 }
        var cost = Cost()
        cost.restarts = spent[0]
        cost.own = spent[1] + spent[2]
        cost.children = spent[3] + spent[4]
        cost.journal = spent[5] + spent[6]
        return cost
    }

    /// Milliseconds of CPU of one start of the unit that captures.
    private static func cost(of turns: Int, _ before: String, in container: Container) throws -> Double {
        let script = """
            \(ticks)
            mkdir -p /run/patch-doctor; touch /run/patch-doctor/linux-patch-api.failed
            sum() { set -- $(ticks 1); echo $(($3 + $4)); }
            old=$(sum)
            for turn in $(seq \(turns)); do \(before) systemctl start patch-doctor@linux-patch-api; done
            echo $(($(sum) - old))
            """
        let spent = Int(try container.execute(["sh", "-c", script], within: 300).text.trimmed) ?? 0
        return Double(spent) * 10 / Double(turns)
    }

    private static func tenths(_ value: Double) -> String {
        let rounded = Int((value * 10).rounded())
        return "\(rounded / 10).\(abs(rounded % 10))"
    }
}
