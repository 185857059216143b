public import Values

/// How long the agent waits for what: one place for all of it, so that a lab can live a day in minutes.
public struct Pace: Hashable, Sendable {
    /// Between two questions whether the manager approved: its bucket takes no more, its bundle lives 600 s.
    public var poll = Interval.seconds(12)...Interval.seconds(60)
    /// Never longer between two polls, whatever the configuration or a Retry-After says.
    public var pollCeiling = Interval.seconds(300)
    /// After a registration that failed: doubled each time, with jitter.
    public var retry = Interval.seconds(15)...Interval.seconds(600)
    /// After a request was denied or lost, and after a conflict.
    public var quiet = Interval.seconds(3600)...Interval.seconds(6 * 3600)
    /// Between two attempts to fetch the revocation list while it is not valid, from the first failure on.
    public var list = Interval.seconds(300)...Interval.seconds(3600)
    /// One question to the manager, answer included.
    public var answer = Interval.seconds(30)
    public var connect = Interval.seconds(10)
    /// How long a registration lives at the manager.
    public var lifetime = Interval.seconds(24 * 3600)
    /// The manager's clock and ours may differ by so much.
    public var skew = Interval.seconds(60)
    /// Registrations in a day after which we only wait.
    public var registrationsPerDay = 4
    /// By how much all of it is shortened.
    private var factor: Int64 = 1

    public init() {}

    /// All waits shortened by a factor, for a lab that has no day to wait.
    public func scaled(by factor: Int64) -> Pace {
        func short(_ span: Interval) -> Interval { Interval(microseconds: max(1, span.microseconds / factor)) }
        func short(_ range: ClosedRange<Interval>) -> ClosedRange<Interval> {
            short(range.lowerBound)...short(range.upperBound)
        }
        var pace = self
        pace.poll = short(poll)
        pace.pollCeiling = short(pollCeiling)
        pace.retry = short(retry)
        pace.quiet = short(quiet)
        pace.lifetime = short(lifetime)
        pace.list = short(list)
        pace.factor = factor
        return pace
    }

    /// A wait that is not of this table, shortened as this table is.
    public func shortened(_ span: Interval) -> Interval { Interval(microseconds: max(1, span.microseconds / factor)) }
}
