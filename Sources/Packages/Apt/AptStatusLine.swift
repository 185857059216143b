import Values

/// A line of apt's status descriptor (README.progress-reporting of apt): `pmstatus:curl:40.0:Unpacking curl (amd64)`.
struct AptStatusLine: Hashable, Sendable {
    /// `dlstatus`, `pmstatus`, `pmerror`, `pmconffile`, `media-change`.
    var kind: String
    /// 0 to 1.
    var part: Double
    var message: String

    /// nil for what has not the documented form.
    init?(_ line: String) {
        let words = line.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false)
        guard words.count == 4 else { return nil }
        // The name of a package may have its architecture behind a colon of its own.
        var (number, rest) = (words[2], words[3])
        if Double(number) == nil, let colon = rest.firstIndex(of: ":") {
            number = rest[..<colon]
            rest = rest[rest.index(after: colon)...]
        }
        guard let percent = Double(number), percent.isFinite else { return nil }
        kind = String(words[0])
        part = min(max(percent / 100, 0), 1)
        message = String(rest).harmless(limit: 160)
    }
}
