import Values

/// When an entry was received: by an order that no step of the wall clock disturbs, and by the wall clock.
struct Moment: Hashable, Comparable, Sendable {
    /// The boot's rank in the upper 16 bits, CLOCK_MONOTONIC in microseconds (8.9 years of it) in the lower 48.
    let order: UInt64
    let wall: WallTime

    init(rank: Int, monotonic: UInt64, wall: WallTime) {
        order = UInt64(UInt16(clamping: rank)) << 48 | min(monotonic, 1 << 48 - 1)
        self.wall = wall
    }

    var rank: Int { Int(order >> 48) }

    static func < (left: Moment, right: Moment) -> Bool { left.order < right.order }

    /// Time from here to a later moment of the same boot; nil across boots, where nobody knows it.
    func interval(to later: Moment) -> Interval? {
        guard rank == later.rank, later.order >= order else { return nil }
        return Interval(microseconds: Int64(later.order - order))
    }
}
