@testable import Diagnose
import Evidence
import Testing
import TestKit
import Values

@Suite struct StartTimeoutRuleTests {
    let rule = StartTimeoutRule()
    let host = Snapshot.healthy.ending(
        "timeout", signal: 15, "linux-patch-api.service: start operation timed out. Terminating."
    ).with { $0.unit.edit { $0.always { $0.type = "forking" } } }

    @Test func `the time that was granted is named`() {
        let judged = Judged(rule, on: host)
        #expect(judged.bearing == .blocks(.running))
        #expect(judged.summary.contains("within 1 min 30 s"))
        #expect(judged.cited.contains("start operation timed out"))
    }

    @Test func `a stop that timed out is not a start`() {
        let stop = host.with { $0.unit.edit { $0.always { $0.activeEnter = $0.execMainStart } } }
        #expect(Judged(rule, on: stop).because == "the last attempt did not stop in time")
    }

    @Test func `with Type=notify the missing READY=1 is the root, and this contributes`() {
        let notify = host.with { $0.unit.edit { $0.always { $0.type = "notify" } } }
        let diagnosis = Diagnostician(rules: [rule, ReadinessNeverSentRule()]).diagnose(notify)
        #expect(diagnosis.findings(.root).map(\.id) == ["readiness-never-sent"])
        #expect(diagnosis.findings(.contributing).map(\.id) == ["start-timeout"])
    }

    @Test func `another ending clears it`() {
        #expect(Judged(rule, on: Snapshot.healthy.exiting(1, "boom")).because != nil)
    }
}
