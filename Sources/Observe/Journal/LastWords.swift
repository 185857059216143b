import Evidence
import Values

/// Finds each attempt's reason among the lines of the service, both in order of time.
///
/// Nothing is allocated for a line: its bytes go into one of two buffers that are kept.
struct LastWords {
    /// By attempt, counted from the range's start.
    private(set) var reasons: [Reason]
    private(set) var table = SignatureTable()
    private let attempts: [Attempt]
    private let range: Range<Int>
    /// The attempt whose lines are being heard, and how many of them were.
    private var current: Int
    private var heard = 0
    private var jumped = false

    private var last = Line()
    private var error = Line()
    private var signature = Signature()

    private struct Line {
        var bytes: [UInt8] = []
        var moment: Moment?
    }

    /// So much of a line is listened to.
    private static let lineLimit = 2048
    /// So many lines before an exit are listened to where there are more.
    static let depth = 48
    /// An error so long before the exit is not what ended the run.
    private static let relevance = Interval.seconds(120)

    init(attempts: [Attempt], range: Range<Int>) {
        self.attempts = attempts
        self.range = range
        current = range.lowerBound
        reasons = Array(repeating: Reason(), count: range.count)
    }

    /// The end of the attempt before the range: lines up to there are nobody's here.
    private var from: UInt64 { current > 0 ? attempts[current - 1].until : 0 }

    enum Answer {
        /// The line belongs to the attempt that is being heard: `take` it.
        case wanted
        case foreign
        /// There is nothing more to find out.
        case enough
        /// Go on shortly before this attempt's exit: there are too many lines before it.
        case skip(to: Attempt)
    }

    /// Whose the line of this moment is.
    mutating func place(_ moment: Moment) -> Answer {
        while current < range.upperBound, moment.order > attempts[current].until { finish() }
        guard current < range.upperBound else { return .enough }
        guard moment.order > from else { return .foreign }
        heard += 1
        let attempt = attempts[current]
        if heard > LastWords.depth, !jumped, let rest = moment.interval(to: attempt.failed), rest > .seconds(1) {
            jumped = true
            last.moment = nil
            error.moment = nil
            return .skip(to: attempt)
        }
        return .wanted
    }

    /// Takes a wanted line.
    mutating func take(_ message: Span<UInt8>, at moment: Moment) {
        last.bytes.removeAll(keepingCapacity: true)
        for index in 0..<min(message.count, LastWords.lineLimit) { last.bytes.append(message[index]) }
        last.moment = moment
    }

    /// Whether the line taken last says by its words that it is an error.
    var lastSaysError: Bool { ErrorWords.areIn(last.bytes) }

    /// The line taken last is an error, by its words or its priority.
    mutating func markLastAsError() { swap(&last, &error) }

    /// No line follows that could change anything.
    mutating func end() {
        while current < range.upperBound { finish() }
    }

    /// Attempts before this one have been heard to the end.
    var heardUpTo: Int { current }

    private mutating func finish() {
        let ended = attempts[current].failed
        let saysError = error.moment.map { ($0.interval(to: ended) ?? .seconds(0)) <= LastWords.relevance } ?? false
        let line = saysError ? error : last
        if let moment = line.moment {
            signature.read(line.bytes)
            reasons[current - range.lowerBound] = Reason(
                signature: table.number(of: signature), saysError: saysError, line: moment)
        }
        last.moment = nil
        error.moment = nil
        heard = 0
        jumped = false
        current += 1
    }
}
