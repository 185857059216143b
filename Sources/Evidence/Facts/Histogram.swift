public import Values

/// Events counted in equal steps of time, few enough to be drawn.
public struct Histogram: Hashable, Sendable, Codable {
    /// Of the first step, a multiple of `step` since the epoch.
    public var start: WallTime
    /// Seconds, more than 0.
    public var step: Int64
    public var counts: [Int]

    public init(start: WallTime, step: Int64, counts: [Int]) {
        self.start = start
        self.step = step
        self.counts = counts
    }

    /// Into how many steps a stretch of time is cut at most: eight days make 192 hours.
    public static let limit: Int64 = 200

    /// 1, 5 and 15 seconds and minutes, hour, 6 hours, day, week: each a multiple of the one before.
    private static let steps: [Int64] = [1, 5, 15, 60, 300, 900, 3600, 21600, 86400, 604_800]

    /// The shortest step, not below `least`, that cuts a span of so many seconds into at most `limit`.
    public static func step(covering span: Int64, least: Int64 = 1) -> Int64 {
        var step = steps.first { $0 >= least && span / $0 < limit } ?? max(604_800, least)
        while span / step >= limit, step < 1 << 40 { step *= 2 }
        return step
    }
}
