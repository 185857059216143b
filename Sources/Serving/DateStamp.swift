import Linux
import Synchronization
import Values

/// The `Date` of answers (RFC 9110 §5.6.7), spelled once a second.
final class DateStamp: Sendable {
    private let last = Mutex<(seconds: Int64, text: String)>((.min, ""))

    var now: String {
        let seconds = Clock.wall.seconds
        return last.withLock { last in
            if last.seconds != seconds { last = (seconds, DateStamp.spell(WallTime(seconds: seconds))) }
            return last.text
        }
    }

    /// `Tue, 24 Nov 2026 05:06:07 GMT`.
    static func spell(_ time: WallTime) -> String {
        let digits = Array(time.compact.utf8)
        func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + Int($1) - 48 } }
        func text(_ range: Range<Int>) -> String { String(decoding: digits[range], as: UTF8.self) }
        let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        // 1970-01-01 was a Thursday.
        let day = days[Int((time.seconds / 86400 % 7 + 7) % 7)]
        let month = months[(number(4..<6) + 11) % 12]
        return "\(day), \(text(6..<8)) \(month) \(text(0..<4)) \(text(9..<11)):\(text(11..<13)):\(text(13..<15)) GMT"
    }
}
