import Evidence

/// What a failed attempt's own processes said last.
struct Reason: Sendable {
    var signature = SignatureTable.unread
    /// The line itself says that it is an error.
    var saysError = false
    /// The line's place in the journal; nil where the attempt said nothing.
    var line: Moment?
}

/// Whether a log line says that something went wrong.
enum ErrorWords {
    /// The mildest syslog priority that says so by itself: `err`.
    static let mildestPriority = 3

    private static let words = ["error", "fatal", "panicked", "panic:", "failed", "exception"].map { Array($0.utf8) }

    /// By its words, in any case of letters; not a line of a backtrace, whose symbols are full of them.
    static func areIn(_ line: [UInt8]) -> Bool {
        for index in line.indices {
            switch line[index] | 0x20 {
            case UInt8(ascii: "e"), UInt8(ascii: "f"), UInt8(ascii: "p"):
                if words.contains(where: { begins(line, index, with: $0) }) { return !isBacktraceFrame(line) }
            default: break
            }
        }
        return false
    }

    private static func begins(_ line: [UInt8], _ index: Int, with word: [UInt8]) -> Bool {
        guard index + word.count <= line.count else { return false }
        for offset in word.indices where line[index + offset] | 0x20 != word[offset] | 0x20 { return false }
        return true
    }

    /// `  15: std::panicking::try`, `    at src/main.rs:12`.
    static func isBacktraceFrame(_ line: [UInt8]) -> Bool {
        let trimmed = line.drop { $0 == 0x20 || $0 == 0x09 }
        guard trimmed.count < line.count else { return false }
        let digits = trimmed.prefix { $0 &- 0x30 < 10 }
        return trimmed.starts(with: "at ".utf8)
            || (!digits.isEmpty && trimmed.dropFirst(digits.count).first == UInt8(ascii: ":"))
    }
}
