/// A bucket that fills evenly and holds so many tokens; each thing done takes one.
///
/// It has no clock: time is the caller's, monotonic, in microseconds, so that a clock that was set changes nothing.
public struct TokenBucket: Hashable, Sendable {
    /// How much, and how fast.
    public struct Rate: Hashable, Sendable {
        /// Tokens that come in a minute; at least 1.
        public let perMinute: Int
        /// As many as can be taken at once; at least 1.
        public let burst: Int

        public init(perMinute: Int, burst: Int) {
            self.perMinute = min(max(1, perMinute), 1_000_000_000)
            self.burst = min(max(1, burst), 1_000_000_000)
        }

        /// How long an empty bucket takes to be full.
        public var filling: Interval { Interval(microseconds: Int64(burst) * 60_000_000 / Int64(perMinute) + 1) }
    }

    private static let minute: UInt64 = 60_000_000
    /// What is left, in sixty-millionths of a token: exact for every rate.
    private var level: UInt64
    private var time: UInt64

    /// A full one.
    public init(_ rate: Rate, at now: UInt64) {
        level = UInt64(rate.burst) * TokenBucket.minute
        time = now
    }

    /// Takes a token; where there is none, nothing is taken, and the answer is how long until there will be one.
    public mutating func take(_ rate: Rate, at now: UInt64) -> Interval? {
        fill(rate, now)
        if level >= TokenBucket.minute {
            level -= TokenBucket.minute
            return nil
        }
        let missing = TokenBucket.minute - level
        let speed = UInt64(rate.perMinute)
        return Interval(microseconds: Int64((missing + speed - 1) / speed))
    }

    /// Whether nothing would be lost if it were forgotten.
    public mutating func isFull(_ rate: Rate, at now: UInt64) -> Bool {
        fill(rate, now)
        return level == UInt64(rate.burst) * TokenBucket.minute
    }

    private mutating func fill(_ rate: Rate, _ now: UInt64) {
        let full = UInt64(rate.burst) * TokenBucket.minute
        let span = now > time ? now - time : 0
        time = max(time, now)
        let (gain, overflows) = span.multipliedReportingOverflow(by: UInt64(rate.perMinute))
        level = overflows || gain >= full || level + gain > full ? full : level + gain
    }
}
