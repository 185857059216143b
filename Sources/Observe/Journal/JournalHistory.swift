import Evidence
import Linux
import Systemd
import Values

/// A unit's failures over all that a journal holds of it: from records to the fact.
struct JournalHistory {
    let records: UnitRecords
    /// The program's name, by which lines are found that lost their unit.
    let identifier: String
    /// The end of the last boot, or the present where the journal is this machine's own.
    let now: Moment
    /// When systemd itself says that the service has been up since, if it does.
    let activeSince: WallTime?
    /// Nothing can come any more: the journal is of a host that does not run.
    let isOver: Bool

    private static let epochLimit = 32
    private static let earlierEpochLimit = 16
    private static let lineLimit = 20

    private struct Managed: Sendable {
        var failures: UnitRecords.Pass<[ManagerRecord]>
        var cleanEnds: UnitRecords.Pass<[Moment]>
        var memoryKills: UnitRecords.Pass<[Moment]>
        var refusals: UnitRecords.Pass<[Moment]>
    }

    func read(into fact: inout JournalFact, _ export: inout JournalExport) async throws(JournalError) {
        async let restartsRead = Result { () throws(JournalError) in try records.restarts() }
        async let restRead = Result { () throws(JournalError) in
            Managed(
                failures: try records.failures(), cleanEnds: try records.cleanEnds(),
                memoryKills: try records.memoryKills(), refusals: try records.refusals())
        }
        let restarts = try await restartsRead.get()
        let rest = try await restRead.get()
        fact.entriesRead += restarts.entries + rest.failures.entries
        fact.entriesRead += rest.cleanEnds.entries + rest.memoryKills.entries + rest.refusals.entries
        fact.restarts = restarts.value.counter.result

        var attempts = Attempt.joining(
            failures: rest.failures.value, restarts: restarts.value.orders, refusals: rest.refusals.value,
            memoryKills: rest.memoryKills.value)
        let reasons = try await FailureReasons.read(&attempts, records, identifier: identifier)
        fact.entriesRead += reasons.lines
        if rest.failures.damaged || restarts.damaged { fact.lacks("a damaged file was left out") }

        let ends = (attempts.map(\.failed) + rest.cleanEnds.value).sorted()
        let runs = RunFinder(records: records, ends: ends, now: now)
        var lastGood = try lastGoodRun(runs)
        func sinceThen() -> Range<Int> {
            let boundary = lastGood?.end ?? 0
            return (attempts.firstIndex { $0.failed.order >= boundary } ?? attempts.count)..<attempts.count
        }
        fact.typicalRun = try runs.typicalRun(of: attempts, sinceThen())
        if isOver, let typical = fact.typicalRun, let failed = attempts.last?.failed,
            let last = try runs.lastRun(after: failed, longerThan: typical)
        {
            lastGood = last
            fact.typicalRun = nil
        }
        let present = sinceThen()
        fact.lastGoodRun = lastGood?.run
        fact.failuresEver = attempts.count
        fact.failures = present.count

        var teller = EpochTeller(records: records, attempts: attempts, reasons: reasons, identifier: identifier)
        fact.earlierEpochs = try teller.epochs(0..<present.lowerBound, limit: JournalHistory.earlierEpochLimit)
        fact.epochs = try teller.epochs(present, limit: JournalHistory.epochLimit)
        fact.startLimitHits = try lines(rest.refusals.value)
        fact.lastLines = try lastLines(before: attempts.last)
        try teller.tell(&export)
        if Clock.monotonic > records.deadline {
            fact.lacks("the time for reading ended first: counts are lower bounds")
        }
    }

    private func lastGoodRun(_ runs: RunFinder) throws(JournalError) -> (run: GoodRun, end: UInt64)? {
        if let activeSince, now.wall - activeSince >= RunFinder.good {
            return (GoodRun(from: activeSince, to: nil), .max)
        }
        return try runs.lastGoodRun()
    }

    /// The latest refusals of the start limit as lines.
    private func lines(_ refusals: [Moment]) throws(JournalError) -> [JournalLine] {
        guard !refusals.isEmpty else { return [] }
        var journal = try Journal(records.place)
        try journal.match("MESSAGE", "\(records.unit): Start request repeated too quickly.")
        try journal.matchManager(of: records.unit)
        return try last(JournalHistory.lineLimit, of: &journal, before: nil)
    }

    /// What the service said last before its last failure, or at all; systemd's words where it said nothing.
    private func lastLines(before attempt: Attempt?) throws(JournalError) -> [JournalLine] {
        var journal = try Journal(records.place)
        try journal.matchProcesses(of: records.unit)
        let own = try last(JournalHistory.lineLimit, of: &journal, before: attempt)
        guard own.isEmpty else { return own }
        journal.flushMatches()
        try journal.matchManager(of: records.unit)
        return try last(JournalHistory.lineLimit, of: &journal, before: attempt)
    }

    private func last(
        _ limit: Int, of journal: inout Journal, before attempt: Attempt?
    ) throws(JournalError) -> [JournalLine] {
        let order = attempt?.until ?? .max
        // A little behind the failure, for lines that were received late.
        try journal.seek(attempt.map { .time($0.failed.wall + .seconds(1)) } ?? .tail)
        // Private keys are recognised in reading order, so lines are taken backwards and masked forwards.
        var first: WallTime?
        var count = 0
        try journal.read(.backward, until: records.deadline) { entry in
            let moment = records.boots.moment(of: entry)
            guard moment.order <= order else { return .next }
            first = moment.wall
            count += 1
            return count < limit ? .next : .stop
        }
        guard let first else { return [] }
        var lines: [JournalLine] = []
        var secrets = LineSecrets()
        try journal.seek(.time(first))
        try journal.read(until: records.deadline) { entry in
            guard records.boots.moment(of: entry).order <= order else { return .next }
            lines.append(secrets.kept(entry))
            return lines.count < count ? .next : .stop
        }
        return lines
    }
}

extension JournalFact {
    /// Marks the fact as incomplete; several causes are all kept.
    mutating func lacks(_ why: String) {
        complete = false
        incompleteBecause = incompleteBecause.map { "\($0); \(why)" } ?? why
    }
}
