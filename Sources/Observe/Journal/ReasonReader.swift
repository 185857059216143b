import Evidence
import Systemd
import Values

/// Reads why attempts failed from what their own processes wrote.
struct ReasonReader: Sendable {
    let records: UnitRecords
    let attempts: [Attempt]

    /// The lines among which reasons are looked for.
    enum Voice: Sendable {
        /// Processes of the unit.
        case unit
        /// The child that was to become the service and could not: it says `UNIT=` itself and may have lost the
        /// fields that journald adds. Believed only where PID 1 recorded an exit status of that kind.
        case spawn
        /// A process that was gone before journald could look up its unit: known by its identifier alone.
        case orphaned(identifier: String)
    }

    struct Heard: Sendable {
        var reasons: [Reason]
        var table: SignatureTable
        var entries = 0
        /// The attempts of the range that were heard to their end.
        var count: Int
    }

    func read(_ voice: Voice, _ range: Range<Int>) throws(JournalError) -> Heard {
        var words = LastWords(attempts: attempts, range: range)
        guard !range.isEmpty else { return Heard(reasons: [], table: words.table, count: 0) }
        var journal = try Journal(records.place)
        try match(voice, in: &journal)
        if range.lowerBound > 0 {
            try journal.seek(.time(attempts[range.lowerBound - 1].failed.wall))
        } else {
            try journal.seek(.head)
        }
        var entries = 0
        let ending = try journal.read(until: records.deadline) { entry in
            entries += 1
            let moment = records.boots.moment(of: entry)
            switch words.place(moment) {
            case .enough: return .stop
            case .foreign: return .next
            case .skip(let attempt): return .seek(attempt.failed.wall, back: LastWords.depth)
            case .wanted:
                if case .orphaned = voice, entry.withField("_SYSTEMD_UNIT", { _ in }) { return .next }
                guard entry.withField("MESSAGE", { words.take($0, at: moment) }) else { return .next }
                if words.lastSaysError || entry.isError { words.markLastAsError() }
                return .next
            }
        }
        if ending != .deadline { words.end() }
        return Heard(
            reasons: words.reasons, table: words.table, entries: entries, count: words.heardUpTo - range.lowerBound)
    }

    private func match(_ voice: Voice, in journal: inout Journal) throws(JournalError) {
        switch voice {
        case .unit: try journal.matchProcesses(of: records.unit)
        case .spawn:
            try journal.match("MESSAGE_ID", MessageID.spawnFailed)
            try journal.match("UNIT", records.unit)
        case .orphaned(let identifier): try journal.match("SYSLOG_IDENTIFIER", identifier)
        }
    }
}

extension JournalEntry {
    /// Whether its PRIORITY is `err` or worse.
    fileprivate var isError: Bool {
        var result = false
        withField("PRIORITY") { value in result = value.decimal.map { $0 <= ErrorWords.mildestPriority } ?? false }
        return result
    }
}
