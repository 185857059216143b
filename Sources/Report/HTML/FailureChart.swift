import Evidence
import Values

/// The course of an incident: bars for the failures of each step of time, and below them each epoch's stretch.
///
/// Widths are in percent and heights in pixels, so that it fills a phone as well as a page while its words keep their
/// size. Epochs are told apart by number as well as by tone, for paper and for who sees no red.
struct FailureChart {
    private struct Segment {
        var tone: Markup
        var count: Int
    }

    private struct Lane {
        var number: Int
        var tone: Markup
        var first: Int64
        var last: Int64
    }

    /// The first step's beginning and a step's length, in seconds.
    private var start: Int64 = 0
    private var step: Int64 = 0
    private var columns: [[Segment]] = []
    /// The most failures of one step, and that step.
    private var peak = 0
    private var peakColumn = 0
    private var lanes: [Lane] = []
    private var lanesLeftOut = 0
    private var what: Markup = ""

    private static let lanesShown = 8
    private static let countsRead = 4096
    /// The end of the year 9999: later times are nobody's clock.
    private static let latest: Int64 = 253_402_300_799
    private static let fewestColumns: Int64 = 12
    private static let plotTop = 18.0
    private static let plotHeight = 96.0
    private static let laneHeight = 20.0

    static func tone(ofEpoch index: Int, of count: Int) -> Markup {
        index == count - 1 ? "bad" : index == 0 ? "warn" : "mid"
    }

    /// nil where nothing ever failed, or nobody counted it by time.
    init?(_ report: Report) {
        let epochs = report.epochs
        var courses: [(tone: Markup, course: Histogram)] = []
        func take(_ course: Histogram?, _ tone: Markup) {
            // What no clock shows is not drawn.
            guard let course, (0...Self.latest).contains(course.start.seconds), course.step > 0, course.step <= 1 << 30
            else { return }
            courses.append((tone, course))
        }
        for index in epochs.indices { take(epochs[index].course, Self.tone(ofEpoch: index, of: epochs.count)) }
        what = "Failed starts"
        if courses.isEmpty {
            what = "Automatic restarts"
            take(Histogram(days: report.restarts?.perDay ?? []), "mid")
        }
        var (first, last, least) = (Int64.max, min(report.observed.finished.seconds, Self.latest), Int64(1))
        for (_, course) in courses {
            first = min(first, course.start.seconds)
            last = max(last, course.start.seconds + Int64(min(course.counts.count, Self.countsRead)) * course.step)
            least = max(least, course.step)
        }
        guard first <= last else { return nil }
        cut(from: first, to: last, least: least, report.journalReachesBackTo)
        for (tone, course) in courses { add(course, tone) }
        guard peak > 0 else { return nil }
        guard epochs.count > 1 else { return }
        for index in epochs.indices where index == 0 || epochs.count - index < Self.lanesShown {
            let tone = Self.tone(ofEpoch: index, of: epochs.count)
            let (first, last) = (epochs[index].first.seconds, epochs[index].last.seconds)
            lanes.append(Lane(number: index + 1, tone: tone, first: first, last: last))
        }
        lanesLeftOut = epochs.count - lanes.count
    }

    /// Chooses the step. A short incident gets some time before it, as far as the journal reaches.
    private mutating func cut(from first: Int64, to last: Int64, least: Int64, _ journal: WallTime?) {
        step = Histogram.step(covering: last - first, least: least)
        start = first / step * step
        var count = max(1, (last - 1) / step - start / step + 1)
        let back = min(max(0, Self.fewestColumns - count), max(0, start - (journal?.seconds ?? start)) / step)
        start -= back * step
        count += back
        columns = Array(repeating: [], count: Int(count))
    }

    private mutating func add(_ course: Histogram, _ tone: Markup) {
        for index in 0..<min(course.counts.count, Self.countsRead) where course.counts[index] > 0 {
            let column = Int((course.start.seconds + Int64(index) * course.step - start) / step)
            guard columns.indices.contains(column) else { continue }
            let count = min(course.counts[index], 1 << 40)
            if columns[column].last?.tone == tone {
                columns[column][columns[column].count - 1].count += count
            } else {
                columns[column].append(Segment(tone: tone, count: count))
            }
        }
        for index in columns.indices {
            let sum = total(index)
            if sum > peak { (peak, peakColumn) = (sum, index) }
        }
    }

    private func total(_ column: Int) -> Int {
        var sum = 0
        for segment in columns[column] { sum += segment.count }
        return sum
    }

    /// The whole picture with its caption.
    var figure: Markup {
        let bottom = Self.plotTop + Self.plotHeight
        let height = bottom + 20 + Double(lanes.count) * Self.laneHeight + (lanes.isEmpty ? 0 : 12)
        var svg: Markup = """
            <figure>
            <svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-labelledby="chart-title chart-desc" \
            width="100%" height="\(height)">
            <title id="chart-title">\(what) over time</title>
            <desc id="chart-desc">\(description)</desc>

            """
        svg += scale(bottom)
        for index in columns.indices { svg += bar(index, bottom) }
        svg += axis(bottom)
        for index in lanes.indices { svg += lane(index, bottom + 42 + Double(index) * Self.laneHeight) }
        let more: Markup = lanesLeftOut > 0 ? "; \(lanesLeftOut) of the stretches between are in the table only" : ""
        let numbers: Markup = lanes.isEmpty ? "" : ". The numbers are those of the table\(more)"
        return svg + """
            </svg>
            <figcaption>\(what) per \(unitOfStep), from \(WallTime(seconds: start)) to the time of this look\
            \(numbers).</figcaption>
            </figure>

            """
    }

    /// What the picture shows, in words.
    private var description: Markup {
        var all = 0
        for index in columns.indices { all += total(index) }
        return """
            \(all.grouped) in all; at most \(peak.grouped) per \(unitOfStep), \
            from \(WallTime(seconds: start + Int64(peakColumn) * step).readable).
            """
    }

    private var unitOfStep: String {
        switch step {
        case 1: "second"
        case 60: "minute"
        case 3600: "hour"
        case 86400: "day"
        case 604_800: "week"
        default: Interval.seconds(step).readable
        }
    }

    /// Two lines to read heights by; bars would cover the words of the lower one.
    private func scale(_ bottom: Double) -> Markup {
        let middle = bottom - Self.plotHeight / 2
        return """
            <line class="line" x1="0" x2="100%" y1="\(Self.plotTop)" y2="\(Self.plotTop)"/>
            <line class="line" x1="0" x2="100%" y1="\(middle)" y2="\(middle)"/>
            <text class="quiet" x="0" y="\(Self.plotTop - 4)">\(top.grouped)</text>

            """
    }

    /// The peak, rounded up to what a person reads at a glance.
    private var top: Int {
        var unit = 1
        while unit * 10 < peak { unit *= 10 }
        for steps in [1, 2, 4, 6, 8] where steps * unit >= peak { return steps * unit }
        return 10 * unit
    }

    private func bar(_ index: Int, _ bottom: Double) -> Markup {
        let width = 100 / Double(columns.count)
        var bar: Markup = ""
        var y = bottom
        for segment in columns[index] {
            let height = max(1.5, Self.plotHeight * Double(segment.count) / Double(top))
            y -= height
            bar += """
                <rect class="\(segment.tone)" x="\(width * Double(index))%" y="\(y)" \
                width="\(width * (columns.count > 60 ? 1 : 0.84))%" height="\(height)"/>

                """
        }
        return bar
    }

    private func axis(_ bottom: Double) -> Markup {
        var axis: Markup = "<line class=\"branch\" x1=\"0\" x2=\"100%\" y1=\"\(bottom)\" y2=\"\(bottom)\"/>\n"
        for tick in TimeTick.all(from: start, to: start + step * Int64(columns.count)) {
            let x = percent(tick.time)
            axis += """
                <line class="branch" x1="\(x)%" x2="\(x)%" y1="\(bottom)" y2="\(bottom + 4)"/>\
                <text class="quiet" x="\(x)%" y="\(bottom + 16)" text-anchor="\(anchor(x))">\(tick.label)</text>

                """
        }
        return axis
    }

    private func lane(_ index: Int, _ y: Double) -> Markup {
        let lane = lanes[index]
        let (from, to) = (percent(lane.first), percent(max(lane.first, lane.last)))
        return """
            <text x="\(from)%" y="\(y - 6)" text-anchor="\(anchor(from))">\(lane.number)</text>\
            <line class="span \(lane.tone)" x1="\(from)%" x2="\(to)%" y1="\(y)" y2="\(y)"/>

            """
    }

    private func percent(_ time: Int64) -> Double {
        let all = step * Int64(columns.count)
        return 100 * Double(min(max(0, time - start), all)) / Double(all)
    }

    /// Words at an edge stay inside.
    private func anchor(_ percent: Double) -> Markup { percent < 7 ? "start" : percent > 93 ? "end" : "middle" }
}

extension Histogram {
    /// Counts per day as a histogram of days, those without any included; nil where there is none.
    fileprivate init?(days: [DayCount]) {
        func number(_ day: DayCount) -> Int? {
            WallTime(rfc3339: day.day + "T00:00:00Z").map { Int($0.seconds / 86400) }
        }
        // They are in order, unless somebody made them up.
        guard let first = days.first.flatMap(number), let last = days.last.flatMap(number),
            (0...4096).contains(last - first)
        else { return nil }
        self.init(
            start: WallTime(seconds: Int64(first) * 86400), step: 86400,
            counts: Array(repeating: 0, count: last - first + 1))
        for day in days {
            if let number = number(day), counts.indices.contains(number - first) { counts[number - first] = day.count }
        }
    }
}
