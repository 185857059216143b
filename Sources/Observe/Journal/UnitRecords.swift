import Evidence
import Linux
import Systemd
import Values

/// Reads one unit's records from a journal; each call opens a handle of its own, so that calls may run side by side.
struct UnitRecords: Sendable {
    let place: Journal.Place
    let unit: String
    let boots: BootTable
    /// CLOCK_MONOTONIC in microseconds.
    let deadline: UInt64

    /// What one pass brought home; past the deadline that is not all.
    struct Pass<Value: Sendable>: Sendable {
        var value: Value
        var entries = 0
        /// A damaged file was left out by sd-journal, which says so only in the sum of the files' sizes.
        var damaged = false
    }

    /// Every failure that PID 1 recorded.
    func failures() throws(JournalError) -> Pass<[ManagerRecord]> {
        var pass = Pass<[ManagerRecord]>(value: [])
        try read(&pass, MessageID.failed) { entry, records in
            var record = ManagerRecord(moment: boots.moment(of: entry))
            entry.withField("UNIT_RESULT") { record.result = UnitResult($0) }
            records.append(record)
        }
        // A start job that failed without any process: its unit never came so far as to have a result.
        var jobs = Pass<[ManagerRecord]>(value: [])
        for (job, result) in [("dependency", UnitResult.dependency), ("assert", .assertion)] {
            try read(&jobs, MessageID.startFailed, and: ("JOB_RESULT", job)) { entry, records in
                records.append(ManagerRecord(moment: boots.moment(of: entry), result: result))
            }
        }
        pass.entries += jobs.entries
        pass.damaged = pass.damaged || jobs.damaged
        if !jobs.value.isEmpty { pass.value = (pass.value + jobs.value).sorted { $0.moment < $1.moment } }
        return pass
    }

    /// Every process of the unit whose end PID 1 took for bad.
    ///
    /// EXIT_CODE is left alone, since the unit's result tells it and each field that is looked up costs.
    func exits() throws(JournalError) -> Pass<[ManagerRecord]> {
        var pass = Pass<[ManagerRecord]>(value: [])
        try read(&pass, MessageID.processExit) { entry, records in
            records.append(exit(entry))
        }
        return pass
    }

    func exit(_ entry: borrowing JournalEntry) -> ManagerRecord {
        var record = ManagerRecord(moment: boots.moment(of: entry))
        entry.withField("EXIT_STATUS") { record.status = UInt8(clamping: $0.decimal ?? 255) }
        return record
    }

    /// Every automatic restart: the series, and each one's `Moment.order`.
    func restarts() throws(JournalError) -> Pass<(orders: [UInt64], counter: RestartCounter)> {
        var pass = Pass<(orders: [UInt64], counter: RestartCounter)>(value: ([], RestartCounter()))
        try read(&pass, MessageID.restartScheduled) { entry, found in
            let moment = boots.moment(of: entry)
            found.orders.append(moment.order)
            var number: Int?
            entry.withField("N_RESTARTS") { number = $0.decimal }
            found.counter.add(number, at: moment.wall)
        }
        return pass
    }

    /// Deactivations that were no failure.
    func cleanEnds() throws(JournalError) -> Pass<[Moment]> { try moments(MessageID.succeeded) }

    /// When the kernel killed one of the unit's processes for want of memory.
    func memoryKills() throws(JournalError) -> Pass<[Moment]> { try moments(MessageID.outOfMemory) }

    /// When the start limit refused a start. The line has no MESSAGE_ID, but the same words in every version.
    func refusals() throws(JournalError) -> Pass<[Moment]> {
        try moments(nil, and: ("MESSAGE", "\(unit): Start request repeated too quickly."))
    }

    private func moments(
        _ id: String?, and match: (field: String, value: String)? = nil
    ) throws(JournalError) -> Pass<[Moment]> {
        var pass = Pass<[Moment]>(value: [])
        try read(&pass, id, and: match) { entry, moments in moments.append(boots.moment(of: entry)) }
        return pass
    }

    private func read<Value: Sendable>(
        _ pass: inout Pass<Value>, _ id: String?, and match: (field: String, value: String)? = nil,
        _ take: (borrowing JournalEntry, inout Value) -> Void
    ) throws(JournalError) {
        var journal = try Journal(place)
        if let id { try journal.match("MESSAGE_ID", id) }
        if let match { try journal.match(match.field, match.value) }
        try journal.matchManager(of: unit)
        try journal.seek(.head)
        let size = journal.usage()
        try journal.read(until: deadline) { entry in
            pass.entries += 1
            take(entry, &pass.value)
            return .next
        }
        if journal.usage() < size { pass.damaged = true }
    }
}

extension Journal {
    /// What PID 1 says of the unit. `UNIT=` alone proves nothing, since anyone may write such a field; journald
    /// itself vouches for `_PID`.
    mutating func matchManager(of unit: String) throws(JournalError) {
        try match("UNIT", unit)
        try match("_PID", "1")
    }

    /// What the unit's own processes say.
    mutating func matchProcesses(of unit: String) throws(JournalError) { try match("_SYSTEMD_UNIT", unit) }

    /// Both.
    mutating func matchAll(of unit: String) throws(JournalError) {
        try matchProcesses(of: unit)
        try or()
        try matchManager(of: unit)
    }
}

/// Adds up automatic restarts in order of time.
struct RestartCounter: Sendable {
    private var series = RestartSeries()
    private var last = 0
    private var days: [Int64: Int] = [:]
    private var day: (number: Int64, count: Int) = (.min, 0)

    mutating func add(_ number: Int?, at time: WallTime) {
        series.total += 1
        if series.first == nil { series.first = time }
        series.last = time
        if let number {
            // It starts anew at 1; records that were lost only make it jump upwards.
            if number <= last { series.counterResets += 1 }
            series.highestCounter = max(series.highestCounter, number)
            last = number
        }
        let today = time.seconds / 86400
        if today != day.number {
            close()
            day = (today, 0)
        }
        day.count += 1
    }

    private mutating func close() {
        if day.count > 0 { days[day.number, default: 0] += day.count }
    }

    /// Days in order, the latest 400 of them.
    var result: RestartSeries {
        var copy = self
        copy.close()
        copy.series.perDay = copy.days.sorted { $0.key < $1.key }.suffix(400).map { number, count in
            DayCount(day: String(WallTime(seconds: number * 86400).rfc3339.prefix(10)), count: count)
        }
        return copy.series
    }
}
