import Values

/// What is known of a unit's failures from one run to the next, across reboots.
///
/// An episode is a row of failures without a quarter of an hour's peace between two of them.
struct CaptureRecord: Hashable {
    /// The first failure of the episode that was seen.
    var began: WallTime
    /// The last one that was seen; others may have come since, which nobody was asked about.
    var failure: WallTime
    /// When a bundle was last wanted, whether one came of it or not.
    var attempt: WallTime?
    /// When one was last kept.
    var kept: WallTime?
    /// It was wanted because systemd had given up.
    var gaveUp = false
    /// Since when attempts are counted, for a day at a time and over all episodes.
    var day: WallTime
    var count = 0

    /// Begins an episode; attempts of this day still count.
    init(from time: WallTime, after earlier: CaptureRecord? = nil) {
        began = time
        failure = time
        day = earlier?.day ?? time
        count = earlier?.count ?? 0
    }

    static let format = "patch-doctor.capture/1"

    /// Lines of a key and a value. Unknown keys are left out; nil for what is no record, which then counts as none.
    init?(parsing bytes: [UInt8]) {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard lines.first == Substring(Self.format) else { return nil }
        var words: [Substring: Substring] = [:]
        for line in lines.dropFirst() {
            guard let space = line.firstIndex(of: " ") else { return nil }
            words[line[..<space]] = line[line.index(after: space)...]
        }
        func time(_ key: Substring) -> WallTime? { words[key].flatMap { WallTime(rfc3339: String($0)) } }
        guard let began = time("began"), let failure = time("failure"), let day = time("day"),
            let count = words["count"].flatMap({ Int($0) }), (0...1_000_000).contains(count),
            words["attempt"] == nil || time("attempt") != nil, words["kept"] == nil || time("kept") != nil
        else { return nil }
        self.began = began
        self.failure = failure
        attempt = time("attempt")
        kept = time("kept")
        gaveUp = words["gave-up"] == "yes"
        self.day = day
        self.count = count
    }

    var bytes: [UInt8] {
        var lines = [Self.format, "began \(began.rfc3339Precise)", "failure \(failure.rfc3339Precise)"]
        if let attempt { lines.append("attempt \(attempt.rfc3339Precise)") }
        if let kept { lines.append("kept \(kept.rfc3339Precise)") }
        if gaveUp { lines.append("gave-up yes") }
        lines += ["day \(day.rfc3339Precise)", "count \(count)"]
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    /// Whether every time in it has passed by then; one that has not was written by a wrong clock, or by somebody else.
    func isPast(at now: WallTime) -> Bool {
        [began, failure, day, attempt ?? began, kept ?? began].allSatisfy { $0 <= now }
    }
}
