import Evidence
import Values

/// Counts the failures of each stretch in steps of time, the same steps for all.
struct EpochCourses {
    private let stretches: [Stretch]
    private let step: Int64
    private(set) var histograms: [Histogram]

    init(of stretches: [Stretch]) {
        self.stretches = stretches
        let first = stretches.map(\.first.seconds).min() ?? 0
        let last = stretches.map(\.last.seconds).max() ?? 0
        let step = Histogram.step(covering: last - first)
        self.step = step
        histograms = stretches.map { stretch in
            let begin = EpochCourses.floor(stretch.first.seconds, step)
            // Where the clock was set back in between, the end may lie before the beginning.
            let columns = max(0, EpochCourses.floor(stretch.last.seconds, step) - begin) + 1
            return Histogram(
                start: WallTime(seconds: begin * step), step: step, counts: Array(repeating: 0, count: Int(columns)))
        }
    }

    /// Counts one failure, by the same order and numbers by which the stretches were built.
    mutating func add(_ reason: UInt16, at time: WallTime, attempt: Int) {
        let own = stretches.lastIndex { $0.reason == reason && $0.attempt <= attempt && time <= $0.last }
        // What no stretch of its own reason holds was folded, or the clock was set back.
        guard
            let place = own ?? stretches.firstIndex(where: { $0.reason == nil })
                ?? stretches.lastIndex(where: { $0.reason == reason })
        else { return }
        let begin = EpochCourses.floor(histograms[place].start.seconds, step)
        let column = Int(EpochCourses.floor(time.seconds, step) - begin)
        histograms[place].counts[min(max(0, column), histograms[place].counts.count - 1)] += 1
    }

    private static func floor(_ seconds: Int64, _ step: Int64) -> Int64 {
        seconds >= 0 ? seconds / step : (seconds + 1) / step - 1
    }
}
