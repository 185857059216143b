import Values

/// A round point of time on an axis, with the few letters that name it.
struct TimeTick {
    /// Seconds since the epoch.
    var time: Int64
    var label: String

    private static let steps: [Int64] = [
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172_800, 345_600,
        604_800, 1_209_600, 2_419_200,
    ]

    /// At most six, by UTC.
    static func all(from start: Int64, to end: Int64) -> [TimeTick] {
        var step = steps.first { (end - start) / $0 <= 5 } ?? 4_838_400
        while (end - start) / step > 5 { step *= 2 }
        var ticks: [TimeTick] = []
        var time = (start + step - 1) / step * step
        while time <= end {
            ticks.append(TimeTick(time: time, label: label(WallTime(seconds: time), step)))
            time += step
        }
        return ticks
    }

    private static func label(_ time: WallTime, _ step: Int64) -> String {
        let text = time.rfc3339
        if step > 2_419_200 { return String(text.prefix(7)) }
        if time.seconds % 86400 != 0 { return String(text.dropFirst(11).prefix(step < 60 ? 8 : 5)) }
        let parts = time.civil
        return "\(parts.day) \(months[Int(parts.month) - 1])"
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
