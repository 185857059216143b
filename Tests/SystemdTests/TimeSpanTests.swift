import Systemd
import Testing

@Suite struct TimeSpanTests {
    /// Each pair as `systemd-analyze timespan` of systemd 252 prints it.
    @Test(arguments: [
        (0, "0"), (10_000_000, "10s"), (90_000_000, "1min 30s"), (200_000, "200ms"), (1_500_000, "1.500000s"),
        (1250, "1.250ms"), (300_000_000, "5min"), (694_861_000_001, "1w 1d 1h 1min 1.000001s"),
        (UInt64.max, "infinity"),
    ])
    func `a length of time reads as systemd writes it`(microseconds: UInt64, words: String) {
        #expect(TimeSpan.shown(microseconds) == words)
    }
}
