/// A `patch-doctor watch` that is held in a scenario, and what it must have told.
public struct Watching: Sendable {
    /// Behind `patch-doctor watch`.
    var arguments: [String]
    /// What starts it: nothing, or `nohup`, or an `env` that sets signals.
    var launcher: [String] = []
    /// Sent, one after the other, when so many attempts were told of; none where it ends by itself.
    var signals: [String] = []
    var attempts: Int
    /// In what it printed.
    var says: [String] = []
    /// Scripts whose output must be in what it printed: the true pid, say.
    var names: [String] = []
    /// Exit statuses that are right.
    var statuses: Set<Int32> = [1]

    var isJSON: Bool { arguments.contains("json") }

    /// A shell's `&`, which sets SIGINT ignored where the launcher does not say otherwise.
    fileprivate var script: String {
        let words = (launcher + ["patch-doctor", "watch"] + arguments).joined(separator: " ")
        let mark = isJSON ? "attempt-ended" : " ended after "
        let kills = signals.map { "kill -\($0) $pid" }.joined(separator: "; ")
        return """
            mkdir -p /run/lab; cd /run/lab; : >watch.out; \(words) >watch.out 2>watch.err </dev/null & pid=$!
            \(signals.isEmpty ? "" : "while test -e /proc/$pid/exe && test $(grep -ce '\(mark)' watch.out) -lt \(attempts); do sleep 0.05; done; \(kills)")
            wait $pid; echo $?
            """
    }
}

extension Laboratory {
    func watch(_ container: Container, _ outcome: inout Outcome) throws {
        let scenario = outcome.scenario
        for (number, watching) in scenario.watches.enumerated() {
            let name = "watch \(number + 1)"
            let before = try HostImprint(of: container, loops: scenario.loops)
            let counters = try restartsUncounted(in: container)
            let ended = try container.execute(["sh", "-c", watching.script], within: 60)
            let text = try container.shell("cat /run/lab/watch.out")
            let complaints = try container.shell("cat /run/lab/watch.err")
            try keep(text + complaints, as: "\(scenario.id).watch-\(number + 1).txt")
            func fail(_ words: String) { outcome.broken.append("\(name): \(words)") }
            guard let status = Int32(ended.text.trimmed) else {
                fail("it did not end: exit \(ended.status), \(text.suffix(300))")
                continue
            }
            if !watching.statuses.contains(status) {
                fail("it exited \(status): \(complaints.suffix(300)) \(text.suffix(300))")
            }
            let told = text.lines.filter { $0.contains(watching.isJSON ? "\"attempt-ended\"" : " ended after ") }
            if told.count < watching.attempts { fail("\(told.count) attempts told of, not \(watching.attempts)") }
            for words in watching.says where !text.contains(words) { fail("it does not say '\(words)': \(text)") }
            for script in watching.names {
                let subject = try container.shell(script).trimmed
                if subject.isEmpty || !text.contains(subject) { fail("it does not name '\(subject)'") }
            }
            for line in before.changes(until: try HostImprint(of: container, loops: scenario.loops)) {
                fail("it changed the host: \(line)")
            }
            // Each restart that systemd counted it also put on record: nobody reset or started anything beside.
            let isUntouched = try until(5) { try restartsUncounted(in: container) == counters }
            if !isUntouched { fail("the unit's counter of restarts does not agree with the journal's any more") }
            guard watching.isJSON, let last = text.lines.last else { continue }
            guard let report = try? DoctorReport(last) else {
                fail("its last line is no report: \(last.prefix(300))")
                continue
            }
            check(report, against: scenario, in: container, &outcome)
            try checkBundle(report, container, &outcome)
            if let path = report.evidence.path {
                let events = container.outsidePath(of: path + "/raw/watch/events.jsonl")
                if !exists(events) { fail("the bundle has no events of the watch") }
            }
        }
    }

    /// NRestarts less the restarts on record: the same before and after, however the unit flaps meanwhile.
    private func restartsUncounted(in container: Container) throws -> Int? {
        let script = """
            journalctl --sync 2>/dev/null; n=$(systemctl show --property=NRestarts --value \(Condition.unit))
            m=$(journalctl --quiet --output=cat MESSAGE_ID=5eb03494b6584870a536b337290809b3 UNIT=\(Condition.unit) | wc -l)
            test $n = $(systemctl show --property=NRestarts --value \(Condition.unit)) && echo $((n - m))
            """
        var found: Int?
        _ = try until(5) {
            found = Int(try container.execute(["sh", "-c", script]).text.trimmed)
            return found != nil
        }
        return found
    }
}
