import Testing
import Values

@Suite struct IntervalTimeSpanTests {
    @Test(
        arguments: [
            ("5", 5_000_000), ("5min 20s", 320_000_000), ("1.5h", 5_400_000_000), ("300ms", 300_000), ("10us", 10),
            (" 2 days ", 172_800_000_000), ("1h30m", 5_400_000_000), ("0", 0),
        ] as [(String, Int64)])
    func `a time span reads as systemd reads it`(text: String, microseconds: Int64) {
        #expect(Interval(timeSpan: text)?.microseconds == microseconds)
    }

    @Test func `infinity has no end`() { #expect(Interval(timeSpan: "infinity") == .infinity) }

    @Test(arguments: ["", " ", "s", "-5", "5 parsecs", "5s x", ".5s", "1e9", "999999999999y"])
    func `anything else is none`(text: String) { #expect(Interval(timeSpan: text) == nil) }
}
