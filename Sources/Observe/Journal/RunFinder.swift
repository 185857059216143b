import Evidence
import Systemd
import Values

/// Finds runs of the service between its starts and its ends.
struct RunFinder: Sendable {
    let records: UnitRecords
    /// Every end of a run, failed or not, in order of time.
    let ends: [Moment]
    /// When the look took place; the end of the journal where that is of another machine.
    let now: Moment

    /// A run of this length was a good one.
    static let good = Interval.seconds(300)

    /// The latest run that lasted, and the order of its end; `.max` while it goes on.
    ///
    /// Goes back from one long gap between ends to the next, since no run fits into the short ones of a loop.
    func lastGoodRun() throws(JournalError) -> (run: GoodRun, end: UInt64)? {
        var journal = try Journal(records.place)
        try journal.match("MESSAGE_ID", MessageID.started)
        try journal.matchManager(of: records.unit)
        try journal.seek(.tail)
        var found: (run: GoodRun, end: UInt64)?
        var earliest: Moment?
        try journal.read(.backward, until: records.deadline) { entry in
            let start = records.boots.moment(of: entry)
            let following = ends.index(after: start)
            let end = self.end(of: start, following, before: earliest)
            if let length = start.interval(to: end.moment), length >= RunFinder.good {
                found = (
                    GoodRun(from: start.wall, to: end.goesOn ? nil : end.moment.wall),
                    end.goesOn ? .max : end.moment.order
                )
                return .stop
            }
            earliest = start
            guard let next = longGap(before: following - 1), ends[next].wall < start.wall, next < following - 1 else {
                return .next
            }
            return .seek(ends[next].wall, back: 0)
        }
        if let found { return found }
        return try runBeforeTheJournal(firstStart: earliest)
    }

    /// The run that came after the last failure and did not fail by the time in which two of its predecessors would
    /// have: by the measure of a running host it had overcome what they failed by.
    func lastRun(
        after failed: Moment, longerThan typical: Interval
    ) throws(JournalError) -> (run: GoodRun, end: UInt64)? {
        var journal = try Journal(records.place)
        try journal.match("MESSAGE_ID", MessageID.started)
        try journal.matchManager(of: records.unit)
        try journal.seek(.tail)
        var latest: Moment?
        try journal.read(.backward, until: records.deadline) { entry in
            latest = records.boots.moment(of: entry)
            return .stop
        }
        guard let start = latest, start > failed else { return nil }
        let end = self.end(of: start, ends.index(after: start), before: nil)
        guard let length = start.interval(to: end.moment), length.microseconds / 2 > typical.microseconds else {
            return nil
        }
        return (GoodRun(from: start.wall, to: end.moment.wall), end.goesOn ? .max : end.moment.order)
    }

    private func end(of start: Moment, _ following: Int, before later: Moment?) -> (moment: Moment, goesOn: Bool) {
        var end = now
        var goesOn = false
        if following < ends.count, ends[following].rank == start.rank {
            end = ends[following]
        } else if start.rank == now.rank {
            goesOn = true
        } else if start.rank < records.boots.ends.count {
            // The machine went down under it.
            end = records.boots.ends[start.rank]
        }
        // A later start means that this run's end was not recorded.
        if let later, later.rank == start.rank, later < end { return (later, false) }
        return (end, goesOn)
    }

    /// The latest end up to `index` that comes a good run's length after the one before it, or in another boot.
    private func longGap(before index: Int) -> Int? {
        var at = index
        while at > 0 {
            guard let gap = ends[at - 1].interval(to: ends[at]), gap < RunFinder.good else { return at }
            at -= 1
        }
        return at == 0 ? 0 : nil
    }

    /// The run whose start the journal no longer holds, as far as its own lines reach back.
    private func runBeforeTheJournal(firstStart: Moment?) throws(JournalError) -> (run: GoodRun, end: UInt64)? {
        guard let first = ends.first, firstStart.map({ $0 > first }) ?? true else { return nil }
        var journal = try Journal(records.place)
        try journal.matchProcesses(of: records.unit)
        try journal.seek(.head)
        var line: Moment?
        try journal.read(until: records.deadline) { entry in
            line = records.boots.moment(of: entry)
            return .stop
        }
        guard let line, let length = line.interval(to: first), length >= RunFinder.good else { return nil }
        return (GoodRun(from: line.wall, to: first.wall), first.order)
    }

    /// The median time from start to failure of these attempts, by a sample of at most 64 of them.
    func typicalRun(of attempts: [Attempt], _ range: Range<Int>) throws(JournalError) -> Interval? {
        guard !range.isEmpty else { return nil }
        var journal = try Journal(records.place)
        try journal.match("MESSAGE_ID", MessageID.started)
        try journal.match("MESSAGE_ID", MessageID.starting)
        try journal.matchManager(of: records.unit)
        var lengths: [Interval] = []
        for index in stride(from: range.lowerBound, to: range.upperBound, by: max(1, range.count / 64)) {
            let ended = attempts[index].failed
            let previous = index > 0 ? attempts[index - 1].failed.order : 0
            var start: Moment?
            var looks = 0
            try journal.seek(.time(ended.wall))
            // A unit that takes its time says "starting" before it says "started".
            try journal.read(.backward, until: records.deadline) { entry in
                let moment = records.boots.moment(of: entry)
                guard moment.order > previous else { return .stop }
                start = moment
                looks += 1
                return looks < 2 ? .next : .stop
            }
            if let length = start?.interval(to: ended) { lengths.append(length) }
        }
        lengths.sort()
        return lengths.isEmpty ? nil : lengths[lengths.count / 2]
    }
}

extension [Moment] {
    /// The first moment of this ordered list that is after another one.
    fileprivate func index(after moment: Moment) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle] > moment { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
