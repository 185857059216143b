import Evidence
import Systemd
import Values

/// Gives stretches of failures their words: the signature, and the first failure's line as it was written.
struct EpochTeller {
    let records: UnitRecords
    let attempts: [Attempt]
    let reasons: FailureReasons
    let identifier: String
    private var secrets = LineSecrets()
    /// Lines that were shown as samples, to be kept with what stands around them.
    private var shown: [Moment] = []

    init(records: UnitRecords, attempts: [Attempt], reasons: FailureReasons, identifier: String) {
        self.records = records
        self.attempts = attempts
        self.reasons = reasons
        self.identifier = identifier
    }

    /// The epochs of a range of attempts. Attempts whose reason nobody has read are in none.
    mutating func epochs(_ range: Range<Int>, limit: Int) throws(JournalError) -> [Epoch] {
        var builder = EpochBuilder()
        for index in range where reasons.entries[index].teller != .nobody {
            builder.add(reasons.entries[index].signature, at: attempts[index].failed.wall, attempt: index)
        }
        let stretches = builder.stretches(limit: limit)
        var courses = EpochCourses(of: stretches)
        for index in range where reasons.entries[index].teller != .nobody {
            courses.add(reasons.entries[index].signature, at: attempts[index].failed.wall, attempt: index)
        }
        var epochs: [Epoch] = []
        for (stretch, course) in zip(stretches, courses.histograms) {
            var epoch = try tell(stretch)
            epoch.course = course
            epochs.append(epoch)
        }
        return epochs
    }

    private mutating func tell(_ stretch: Stretch) throws(JournalError) -> Epoch {
        let entry = reasons.entries[stretch.attempt]
        let attempt = try ended(stretch.attempt)
        let told = try entry.teller == .manager ? managerLine(of: attempt, stretch.attempt) : line(entry)
        if let told { shown.append(told.moment) }
        // The signature is read anew from what may be kept of the line, since secrets are no part of a reason.
        let signature =
            switch stretch.reason {
            case nil: "\(stretch.folded) shorter stretches of other reasons"
            case _ where entry.teller == .manager || told == nil: reasons.table.text(of: entry.signature).harmless()
            case let reason? where reason == SignatureTable.overflow: reasons.table.text(of: reason)
            default: Signature.of(told?.line.message ?? "").harmless()
            }
        return Epoch(
            signature: signature, first: stretch.first, last: stretch.last, count: stretch.count,
            sample: told?.line.message ?? "", cursor: told?.line.cursor ?? "", ending: attempt.ending)
    }

    /// The attempt with the end of its process, where that has not been looked up before.
    private func ended(_ index: Int) throws(JournalError) -> Attempt {
        let attempt = attempts[index]
        guard attempt.code == .none else { return attempt }
        var journal = try Journal(records.place)
        try journal.match("MESSAGE_ID", MessageID.processExit)
        try journal.matchManager(of: records.unit)
        try journal.seek(.time(attempt.failed.wall))
        let from = index > 0 ? attempts[index - 1].failed : nil
        var result = attempt
        var looks = 0
        try journal.read(.backward) { entry in
            looks += 1
            let exit = records.exit(entry)
            guard exit.moment.rank == attempt.failed.rank, from.map({ exit.moment > $0 }) ?? true, looks <= 16 else {
                return .stop
            }
            if exit.moment <= attempt.failed { result.end(with: exit) }
            return .next
        }
        return result
    }

    private typealias Told = (line: JournalLine, moment: Moment)

    /// The line of a reason; nil where the journal has dropped it meanwhile.
    private mutating func line(_ entry: FailureReasons.Entry) throws(JournalError) -> Told? {
        guard let wanted = entry.line else { return nil }
        var journal = try Journal(records.place)
        switch entry.teller {
        case .spawn:
            try journal.match("MESSAGE_ID", MessageID.spawnFailed)
            try journal.match("UNIT", records.unit)
        case .orphaned: try journal.match("SYSLOG_IDENTIFIER", identifier)
        case .unit, .manager, .nobody: try journal.matchProcesses(of: records.unit)
        }
        try journal.seek(.time(wanted.wall))
        var found: Told?
        var secrets = secrets
        var looks = 0
        // Lines that journald received in one read bear the same time: the reason's own words tell them apart.
        let words = reasons.table.text(of: entry.signature)
        var signature = Signature()
        try journal.read { entry in
            looks += 1
            let moment = records.boots.moment(of: entry)
            guard moment == wanted else { return found == nil && looks < 64 ? .next : .stop }
            let isIt = entry.withField("MESSAGE") { signature.read($0) } && signature.text == words
            if isIt || found == nil { found = (secrets.kept(entry), moment) }
            return isIt ? .stop : .next
        }
        self.secrets = secrets
        return found
    }

    /// What PID 1 said of an attempt's end that tells the most.
    private mutating func managerLine(of attempt: Attempt, _ index: Int) throws(JournalError) -> Told? {
        let from = index > 0 ? attempts[index - 1].until : 0
        var journal = try Journal(records.place)
        try journal.matchManager(of: records.unit)
        try journal.seek(.time(attempt.failed.wall + Interval(microseconds: 1)))
        var best: Told?
        var rank = 0
        var looks = 0
        var secrets = secrets
        try journal.read(.backward) { entry in
            let moment = records.boots.moment(of: entry)
            looks += 1
            guard moment.order > from, looks <= 16 else { return .stop }
            let line = secrets.kept(entry)
            let telling = EpochTeller.rank(of: line.message)
            if telling > rank { (best, rank) = ((line, moment), telling) }
            return .next
        }
        self.secrets = secrets
        return best
    }

    /// How much a line of PID 1 says about why an attempt ended.
    private static func rank(of message: String) -> Int {
        let words = message.lowercased()
        if words.contains("oom") || words.contains("watchdog") || words.contains("timed out") { return 4 }
        if words.contains("dependency failed") || words.contains("assertion failed") { return 4 }
        if words.contains("process exited") { return 3 }
        return words.contains("failed") ? 2 : 1
    }

    /// Keeps the unit's first and last entries, and those around each sample.
    func tell(_ export: inout JournalExport) throws(JournalError) {
        var journal = try Journal(records.place)
        try journal.matchAll(of: records.unit)
        try journal.seek(.head)
        try keep(50, of: &journal, in: &export, share: JournalExport.limit / 4)
        for moment in shown {
            try journal.seek(to: moment.wall, back: 2)
            try keep(5, of: &journal, in: &export, share: JournalExport.limit / 2)
        }
        try journal.seek(.tail)
        try keep(200, of: &journal, .backward, in: &export, share: JournalExport.limit)
    }

    private func keep(
        _ limit: Int, of journal: inout Journal, _ direction: Journal.Direction = .forward,
        in export: inout JournalExport, share: Int
    ) throws(JournalError) {
        var count = 0
        try journal.read(direction, until: records.deadline) { entry in
            export.add(entry, at: records.boots.moment(of: entry), share: share)
            count += 1
            return count < limit ? .next : .stop
        }
    }
}
