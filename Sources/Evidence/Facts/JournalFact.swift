public import Values

/// What the journal tells of the unit, over all boots that it still holds.
public struct JournalFact: Hashable, Sendable, Codable {
    /// How far the journal reaches back, over all units: the lower bound of every "first".
    public var reachesBackTo: WallTime?
    /// When the newest entry of all units was written: on a dead host its last sign of life.
    public var reachesTo: WallTime?
    /// Entries of the unit that were read.
    public var entriesRead: Int
    /// False where a limit ended the reading early, or files were unreadable: counts are then lower bounds.
    public var complete: Bool
    public var incompleteBecause: String?
    /// Failed attempts of the present incident, and of all that the journal holds.
    public var failures: Int
    public var failuresEver: Int
    /// The present incident's epochs, in order of time; empty where no attempt failed since the last good run.
    public var epochs: [Epoch]
    /// What failed before the last good run: history, no part of this story.
    public var earlierEpochs: [Epoch]
    /// The last run that lasted, if any: since when the present incident can only have begun.
    public var lastGoodRun: GoodRun?
    public var restarts: RestartSeries
    /// When systemd refused a start because of the limit ("Start request repeated too quickly").
    public var startLimitHits: [JournalLine]
    /// The last lines before the last exit, oldest first.
    public var lastLines: [JournalLine]
    /// Median time from start to failure of the present incident's attempts; nil where unknown.
    public var typicalRun: Interval?

    public init() {
        entriesRead = 0
        complete = true
        failures = 0
        failuresEver = 0
        epochs = []
        earlierEpochs = []
        restarts = RestartSeries()
        startLimitHits = []
        lastLines = []
    }
}

/// A stretch of time in which the service failed for the same reason.
public struct Epoch: Hashable, Sendable, Codable {
    /// The reason with numbers, addresses and times taken out.
    public var signature: String
    public var first: WallTime
    public var last: WallTime
    public var count: Int
    /// The last line of the first failure, as it was written.
    public var sample: String
    /// sd_journal_get_cursor(3) of that line.
    public var cursor: String
    /// How those attempts ended: `exited 1`, `killed 9`, `203/EXEC`; systemd's result where there was no process.
    public var ending: String
    /// When its failures were, in steps that the epochs of one incident share; nil where nobody counted them so.
    public var course: Histogram?

    public init(
        signature: String, first: WallTime, last: WallTime, count: Int, sample: String, cursor: String, ending: String
    ) {
        self.signature = signature
        self.first = first
        self.last = last
        self.count = count
        self.sample = sample
        self.cursor = cursor
        self.ending = ending
    }
}

/// A run that ended or goes on long after its start: the service was well then.
public struct GoodRun: Hashable, Sendable, Codable {
    public var from: WallTime
    /// nil while it goes on.
    public var to: WallTime?

    public init(from: WallTime, to: WallTime?) {
        self.from = from
        self.to = to
    }
}

/// Automatic restarts by the journal's own record, which no reset-failed erases
/// (MESSAGE_ID 5eb03494b6584870a536b337290809b3, field N_RESTARTS).
public struct RestartSeries: Hashable, Sendable, Codable {
    /// Restarts recorded in all.
    public var total: Int
    public var first: WallTime?
    public var last: WallTime?
    /// The highest counter seen, and how often it started anew from a lower number.
    public var highestCounter: Int
    public var counterResets: Int
    /// Restarts per UTC day, ordered by day: `2026-05-20` → 2412.
    public var perDay: [DayCount]

    public init() {
        total = 0
        highestCounter = 0
        counterResets = 0
        perDay = []
    }
}

public struct DayCount: Hashable, Sendable, Codable {
    public var day: String
    public var count: Int

    public init(day: String, count: Int) {
        self.day = day
        self.count = count
    }
}

/// One journal entry, bounded and made harmless.
public struct JournalLine: Hashable, Sendable, Codable {
    public var time: WallTime
    public var cursor: String
    public var pid: Int32?
    public var identifier: String
    public var priority: Int?
    public var message: String

    public init(time: WallTime, cursor: String, pid: Int32?, identifier: String, priority: Int?, message: String) {
        self.time = time
        self.cursor = cursor
        self.pid = pid
        self.identifier = identifier
        self.priority = priority
        self.message = message
    }
}
