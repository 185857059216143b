public import Values

/// One bucket of tokens for each address, as the manager keeps them: a burst at once, then one token in each interval.
public struct Bucket: Hashable, Sendable {
    public var burst: Int64
    public var interval: Interval
    /// When each address's bucket is full again; addresses whose bucket is full are not kept.
    private var fullAt: [IPAddress: WallTime] = [:]

    public init(burst: Int64 = 3, interval: Interval = .seconds(12)) {
        self.burst = max(1, burst)
        self.interval = max(interval, Interval(microseconds: 0))
    }

    /// Takes a token: nil where there was one, else how long until there is one (generic cell rate algorithm).
    public mutating func take(_ address: IPAddress, at now: WallTime) -> Interval? {
        if fullAt.count > 10_000 { fullAt = fullAt.filter { $0.value > now } }
        let capacity = Interval(microseconds: interval.microseconds &* burst)
        var full = max(fullAt[address.unmapped] ?? now, now)
        // A clock that was set back must not shut an address out for longer than an empty bucket does.
        full = min(full, now + capacity)
        let next = full + interval
        guard next - now <= capacity else { return (next - now) - capacity }
        fullAt[address.unmapped] = next
        return nil
    }
}

extension Interval {
    static func - (left: Interval, right: Interval) -> Interval {
        Interval(microseconds: left.microseconds &- right.microseconds)
    }

    /// In whole seconds, rounded up, as Retry-After wants it.
    var wholeSeconds: Int64 { (microseconds + 999_999) / 1_000_000 }
}
