@testable import Diagnose
import Evidence
import Testing
import TestKit
import Values

@Suite struct WatchdogTimeoutRuleTests {
    let rule = WatchdogTimeoutRule()
    let host = Snapshot.healthy.ending(
        "watchdog", signal: 6, "linux-patch-api.service: Watchdog timeout (limit 30s)!"
    ).with { $0.unit.edit { $0.always { $0.watchdog = .seconds(30) } } }

    @Test func `a hang is named with its deadline`() {
        let judged = Judged(rule, on: host)
        #expect(judged.bearing == .blocks(.running))
        #expect(judged.summary.contains("no keep-alive for 30 s"))
    }

    @Test func `the same signal without the watchdog clears it`() {
        #expect(Judged(rule, on: Snapshot.healthy.ending("signal", signal: 6, "assertion failed")).because != nil)
    }
}
