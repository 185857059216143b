import Values

/// A stretch of time in which attempts failed for the same reason, before it gets its words.
struct Stretch: Hashable, Sendable {
    /// A number of `SignatureTable`; nil for many reasons folded into one.
    var reason: UInt16?
    var first: WallTime
    var last: WallTime
    var count: Int
    /// The attempt that opened it.
    var attempt: Int
    /// How many stretches were folded into this one; 1 for a stretch of its own.
    var folded = 1
}

/// Cuts failures into stretches of the same reason.
///
/// Reasons that take turns (A, B, A, B …) become one stretch each, whose times overlap: a stretch goes on if its reason
/// comes back within `window` failures. The first stretch always holds the first failure and the last one the last:
/// where the reason that opened an earlier stretch is also the last one, its last run is a stretch of its own.
struct EpochBuilder: Sendable {
    private static let window = 8
    /// Stretches that are kept while building; beyond, those in the middle are folded.
    private static let capacity = 512

    private var stretches: [(stretch: Stretch, lastIndex: Int)] = []
    private var failures = 0
    /// The uninterrupted run of one reason that is going on, and the end of what its stretch held before it.
    private var run: (stretch: Stretch, before: WallTime?)?

    init() {}

    mutating func add(_ reason: UInt16, at time: WallTime, attempt: Int) {
        failures += 1
        let place = stretches.lastIndex {
            $0.stretch.reason == reason && failures - $0.lastIndex <= EpochBuilder.window
        }
        if place != nil, run?.stretch.reason == reason {
            run?.stretch.count += 1
            run?.stretch.last = time
        } else {
            let opened = Stretch(reason: reason, first: time, last: time, count: 1, attempt: attempt)
            run = (opened, place.map { stretches[$0].stretch.last })
            if place == nil { stretches.append((opened, failures)) }
        }
        if let place {
            stretches[place].stretch.count += 1
            stretches[place].stretch.last = time
            stretches[place].lastIndex = failures
        }
        if stretches.count > EpochBuilder.capacity { fold(to: EpochBuilder.capacity / 2) }
    }

    /// The stretches in order of their beginning, at most `limit`; what is more is folded into one of many reasons.
    func stretches(limit: Int) -> [Stretch] {
        var copy = self
        copy.peel()
        if copy.stretches.count > limit { copy.fold(to: limit) }
        return copy.stretches.map(\.stretch)
    }

    private mutating func peel() {
        guard let run, let before = run.before, let last = stretches.last, last.stretch.reason != run.stretch.reason,
            let place = stretches.lastIndex(where: { $0.stretch.reason == run.stretch.reason })
        else { return }
        stretches[place].stretch.count -= run.stretch.count
        stretches[place].stretch.last = before
        stretches.append((run.stretch, failures))
    }

    /// Keeps a quarter of the limit at the beginning and the rest at the end.
    private mutating func fold(to limit: Int) {
        let head = max(1, limit / 4)
        let middle = head..<(stretches.count - (limit - head - 1))
        let folded = stretches[middle].map(\.stretch)
        // The caller asks only where there are more than `limit`, so that the middle is never empty.
        guard let largest = folded.max(by: { $0.count < $1.count }) else { return }
        let one = Stretch(
            reason: nil, first: folded.map(\.first).min() ?? largest.first,
            last: folded.map(\.last).max() ?? largest.last, count: folded.reduce(0) { $0 + $1.count },
            attempt: largest.attempt, folded: folded.reduce(0) { $0 + $1.folded })
        stretches.replaceSubrange(middle, with: [(one, 0)])
    }
}
