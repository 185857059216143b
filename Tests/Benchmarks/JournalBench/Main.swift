import Evidence
import Linux
import Observe
import Values

/// Runs the journal probe on a directory of journal files: `journal-bench DIR [UNIT]`. Prints what it found, and on
/// the last line the milliseconds that it took and the process's peak resident set in KiB.
@main
struct JournalBench {
    static func main() async {
        let words = CommandLine.arguments
        guard words.count > 1, let unit = words.count > 2 ? UnitName(rawValue: words[2]) : .agent else {
            print("usage: journal-bench DIR [UNIT]")
            return
        }
        let target = Target(unit: unit)
        let now = Clock.wall
        var snapshot = Snapshot(
            target: target, observer: Observer(version: "0", effectiveUser: 0, started: now, finished: now))
        let start = Clock.monotonic
        let seen = await JournalProbe(directory: words[1]).look(at: .live, for: target, after: snapshot)
        let elapsed = Clock.monotonic - start
        seen.record(&snapshot)
        switch snapshot.journal {
        case .missing(let absence): print("not observed: \(absence.why)")
        case .value(let fact, _): tell(fact)
        }
        for item in seen.raw { print("\(item.path): \(item.content.count) bytes, \(item.truncation ?? "whole")") }
        print("\(elapsed / 1000) \(peakResident())")
    }

    private static func tell(_ fact: JournalFact) {
        print("\(fact.entriesRead) entries, \(fact.failures) failures now, \(fact.failuresEver) ever")
        print(
            "\(fact.restarts.total) restarts, \(fact.restarts.perDay.count) days; \(fact.incompleteBecause ?? "complete")"
        )
        print("typical run \(fact.typicalRun?.readable ?? "unknown")")
        for (name, epochs) in [("earlier", fact.earlierEpochs), ("now", fact.epochs)] {
            for epoch in epochs {
                print("\(name): \(epoch.first.rfc3339) – \(epoch.last.rfc3339) \(epoch.count) × \(epoch.signature)")
                print("    \(epoch.ending): \(epoch.sample)")
            }
        }
        if let line = fact.lastLines.last { print("last: \(line.time.rfc3339) \(line.identifier): \(line.message)") }
    }

    /// VmHWM of proc_pid_status(5).
    private static func peakResident() -> String {
        let status = (try? contents(of: "/proc/self/status")) ?? []
        let line = status.split(separator: UInt8(ascii: "\n")).first { $0.starts(with: "VmHWM:".utf8) }
        return String(decoding: (line ?? []).filter { (48...57).contains($0) }, as: UTF8.self)
    }
}
