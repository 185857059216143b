extension Interval {
    /// Reads a time span as systemd.time(7) writes it: `5min 20s`, `1.5h`, `300ms`, `infinity`; a number alone is in
    /// seconds. Nil for anything else, and for what is longer than can be counted.
    public init?(timeSpan text: String) {
        var rest = text[...]
        var total = 0.0
        var parts = 0
        func skipSpaces() { rest = rest.drop { $0 == " " || $0 == "\t" } }
        skipSpaces()
        while rest.last == " " || rest.last == "\t" { rest.removeLast() }
        if rest == "infinity" {
            self = .infinity
            return
        }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            guard let number = Double(digits), digits.first != "." else { return nil }
            rest = rest[digits.endIndex...]
            skipSpaces()
            let unit = rest.prefix { !$0.isASCII || $0.isLetter }
            guard let size = Self.microseconds(in: String(unit)) else { return nil }
            rest = rest[unit.endIndex...]
            skipSpaces()
            total += number * size
            parts += 1
        }
        guard parts > 0, total < Double(Int64.max / 2) else { return nil }
        self.init(microseconds: Int64(total.rounded()))
    }

    private static func microseconds(in unit: String) -> Double? {
        switch unit {
        case "usec", "us", "µs", "μs": 1
        case "msec", "ms": 1000
        case "", "seconds", "second", "sec", "s": 1_000_000
        case "minutes", "minute", "min", "m": 60_000_000
        case "hours", "hour", "hr", "h": 3_600_000_000
        case "days", "day", "d": 86_400_000_000
        case "weeks", "week", "w": 604_800_000_000
        case "months", "month", "M": 2_629_800_000_000
        case "years", "year", "y": 31_557_600_000_000
        default: nil
        }
    }
}
