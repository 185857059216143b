/// A point of wall-clock time: microseconds since 1970-01-01T00:00:00Z, the unit of systemd and its journal.
///
/// Formatted without Foundation, so that the layers that may not import it (Evidence, Diagnose) can name a time.
public struct WallTime: Hashable, Comparable, Sendable {
    /// Microseconds since the Unix epoch.
    public var microseconds: Int64

    public init(microseconds: Int64) { self.microseconds = microseconds }

    public init(seconds: Int64, nanoseconds: Int64 = 0) {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        microseconds = overflow ? (seconds < 0 ? .min : .max) : product &+ nanoseconds / 1000
    }

    public static func < (left: WallTime, right: WallTime) -> Bool { left.microseconds < right.microseconds }

    public static func + (time: WallTime, span: Interval) -> WallTime {
        WallTime(microseconds: time.microseconds.addingReportingOverflow(span.microseconds).partialValue)
    }

    public static func - (later: WallTime, earlier: WallTime) -> Interval {
        Interval(microseconds: later.microseconds.subtractingReportingOverflow(earlier.microseconds).partialValue)
    }

    /// Seconds since the epoch, rounded down.
    public var seconds: Int64 {
        let quotient = microseconds / 1_000_000
        return microseconds % 1_000_000 < 0 ? quotient - 1 : quotient
    }

    /// RFC 3339 in UTC, to the second: `2026-05-20T20:23:55Z`.
    public var rfc3339: String { format(separator: "T", zone: "Z") }

    /// RFC 3339 in UTC with microseconds, which orders events inside one second.
    public var rfc3339Precise: String {
        let fraction = microseconds - seconds * 1_000_000
        return format(separator: "T", zone: "") + "." + padded(fraction, to: 6) + "Z"
    }

    /// For people and file names: `2026-05-20 20:23:55 UTC`.
    public var readable: String { format(separator: " ", zone: " UTC") }

    /// Compact, safe in file names: `20260520T202355Z`.
    public var compact: String {
        let parts = CalendarDate(daysSinceEpoch: days)
        return padded(parts.year, to: 4) + padded(parts.month, to: 2) + padded(parts.day, to: 2) + "T"
            + clock(separator: "") + "Z"
    }

    /// Its parts in UTC, for who writes them without making strings.
    public var civil: CivilTime {
        let date = CalendarDate(daysSinceEpoch: days)
        let rest = seconds - days * 86400
        return CivilTime(
            year: date.year, month: date.month, day: date.day, hour: rest / 3600, minute: rest / 60 % 60,
            second: rest % 60, microsecond: microseconds - seconds * 1_000_000)
    }

    private var days: Int64 {
        let quotient = seconds / 86400
        return seconds % 86400 < 0 ? quotient - 1 : quotient
    }

    private func clock(separator: String) -> String {
        let rest = seconds - days * 86400
        return padded(rest / 3600, to: 2) + separator + padded(rest / 60 % 60, to: 2) + separator
            + padded(rest % 60, to: 2)
    }

    private func format(separator: String, zone: String) -> String {
        let date = CalendarDate(daysSinceEpoch: days)
        return padded(date.year, to: 4) + "-" + padded(date.month, to: 2) + "-" + padded(date.day, to: 2)
            + separator + clock(separator: ":") + zone
    }

    /// Reads RFC 3339 in UTC (`Z`), with or without a fraction; nil for anything else.
    public init?(rfc3339 text: String) {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int64? {
            guard range.upperBound <= bytes.count, bytes[range].allSatisfy({ (48...57).contains($0) }) else {
                return nil
            }
            return bytes[range].reduce(0) { $0 * 10 + Int64($1 - 48) }
        }
        guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z"), bytes[4] == 45, bytes[7] == 45,
            bytes[10] == UInt8(ascii: "T"), bytes[13] == 58, bytes[16] == 58,
            let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 61
        else { return nil }
        var fraction: Int64 = 0
        if bytes[19] == UInt8(ascii: ".") {
            let digits = bytes.count - 21
            guard (1...9).contains(digits), let value = number(20..<(20 + digits)) else { return nil }
            fraction = value
            for _ in digits..<max(digits, 6) { fraction *= 10 }
            for _ in 6..<max(digits, 6) { fraction /= 10 }
        } else if bytes.count != 20 {
            return nil
        }
        let days = CalendarDate(year: year, month: month, day: day).daysSinceEpoch
        self.init(microseconds: ((days * 24 + hour) * 60 + minute) * 60_000_000 + second * 1_000_000 + fraction)
    }
}

/// A date and a time of day in UTC, in the Gregorian calendar.
public struct CivilTime: Hashable, Sendable {
    public let year: Int64
    /// From 1.
    public let month: Int64
    /// From 1.
    public let day: Int64
    public let hour: Int64
    public let minute: Int64
    public let second: Int64
    public let microsecond: Int64
}

extension WallTime: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let time = WallTime(rfc3339: text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is not RFC 3339 in UTC")
        }
        self = time
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rfc3339Precise)
    }
}

/// A length of time in microseconds.
public struct Interval: Hashable, Comparable, Sendable, Codable {
    public var microseconds: Int64

    public init(microseconds: Int64) { self.microseconds = microseconds }
    public static func seconds(_ value: Int64) -> Interval { Interval(microseconds: value &* 1_000_000) }

    public static func < (left: Interval, right: Interval) -> Bool { left.microseconds < right.microseconds }

    public var seconds: Double { Double(microseconds) / 1_000_000 }

    /// systemd's "no limit" (`USEC_INFINITY`) does not fit a signed number and is kept as the largest one.
    public static let infinity = Interval(microseconds: .max)

    /// Two units at most, as a person would say it: `8 d 3 h`, `10 s`, `250 ms`.
    public var readable: String {
        if self == .infinity { return "infinity" }
        if microseconds < 0 { return "-" + Interval(microseconds: -max(microseconds, -.max)).readable }
        if microseconds < 1000 { return "\(microseconds) µs" }
        if microseconds < 1_000_000 { return "\(microseconds / 1000) ms" }
        let whole = microseconds / 1_000_000
        if whole < 60 {
            let tenths = microseconds / 100_000 % 10
            return tenths == 0 || whole >= 10 ? "\(whole) s" : "\(whole).\(tenths) s"
        }
        func two(_ large: Int64, _ largeUnit: String, _ small: Int64, _ smallUnit: String) -> String {
            small == 0 ? "\(large) \(largeUnit)" : "\(large) \(largeUnit) \(small) \(smallUnit)"
        }
        if whole < 3600 { return two(whole / 60, "min", whole % 60, "s") }
        if whole < 86400 { return two(whole / 3600, "h", whole / 60 % 60, "min") }
        return two(whole / 86400, "d", whole / 3600 % 24, "h")
    }
}

/// Proleptic Gregorian date arithmetic (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
private struct CalendarDate {
    var year: Int64, month: Int64, day: Int64

    init(year: Int64, month: Int64, day: Int64) {
        self.year = year
        self.month = month
        self.day = day
    }

    init(daysSinceEpoch days: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    var daysSinceEpoch: Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}

private func padded(_ value: Int64, to width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
