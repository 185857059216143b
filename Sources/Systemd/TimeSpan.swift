/// systemd's way to write a length of time (format_timespan() of systemd's time-util.c): `1min 30s`, `200ms`.
public enum TimeSpan {
    /// `microseconds` as `systemctl show` prints properties that end in `USec`.
    public static func shown(_ microseconds: UInt64) -> String {
        if microseconds == .max { return "infinity" }
        var words: [String] = []
        var rest = microseconds
        for (size, suffix, digits) in units where rest >= size {
            let (whole, part) = (rest / size, rest % size)
            // Below a minute systemd writes one number with a fraction rather than two numbers.
            if rest < 60_000_000, part > 0, digits > 0 {
                let fraction = String(part)
                words.append(
                    "\(whole)." + String(repeating: "0", count: max(0, digits - fraction.utf8.count)) + fraction
                        + suffix)
                rest = 0
            } else {
                words.append("\(whole)\(suffix)")
                rest = part
            }
        }
        return words.isEmpty ? "0" : words.joined(separator: " ")
    }

    /// Size in microseconds, suffix, and decimal digits of a fraction in that unit.
    private static let units: [(size: UInt64, suffix: String, digits: Int)] = [
        (31_557_600_000_000, "y", 0), (2_629_800_000_000, "month", 0), (604_800_000_000, "w", 0),
        (86_400_000_000, "d", 0), (3_600_000_000, "h", 0), (60_000_000, "min", 0), (1_000_000, "s", 6),
        (1000, "ms", 3), (1, "us", 0),
    ]
}
