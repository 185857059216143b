@testable import Diagnose
import Evidence
import Testing
import TestKit
import Values

@Suite struct KilledOutOfMemoryRuleTests {
    let rule = KilledOutOfMemoryRule()
    static let words = "linux-patch-api.service: A process of this unit has been killed by the OOM killer."
    let host = Snapshot.healthy.ending("oom-kill", signal: 9, words)

    @Test func `the limit that ran out is named`() {
        let judged = Judged(rule, on: host.with { $0.unit.edit { $0.always { $0.memoryMax = 64 << 20 } } })
        #expect(judged.bearing == .blocks(.running))
        #expect(judged.summary.contains("its limit is 64.0 MiB"))
    }

    @Test func `without a limit it was the machine's memory`() {
        let judged = Judged(rule, on: host.with { $0.unit.edit { $0.always { $0.memoryMax = .max } } })
        #expect(judged.summary.contains("no limit of its own"))
    }

    @Test func `a SIGKILL beside the kernel's words is one too`() {
        #expect(Judged(rule, on: Snapshot.healthy.ending("signal", signal: 9, Self.words)).isGuilty)
    }

    @Test func `a SIGKILL without such words is not`() {
        #expect(Judged(rule, on: Snapshot.healthy.ending("signal", signal: 9, "Started")).because != nil)
    }

    @Test func `a service that is up and was killed every twenty minutes is at risk`() {
        let again = Snapshot.healthy.with { host in
            host.journal.edit {
                $0.epochs = [.failing(Self.words, ending: "oom-kill")]
                $0.typicalRun = .seconds(1200)
            }
            host.unit.edit { $0.always { $0.execMainStart = .at("2026-05-28T18:30:00Z") } }
        }
        #expect(Diagnostician(rules: [rule]).diagnose(again).findings.map(\.role) == [.risk])
        let outlived = again.with { $0.unit.edit { $0.always { $0.execMainStart = .at("2026-05-28T17:30:00Z") } } }
        #expect(Judged(rule, on: outlived).notApplicable)
    }
}
