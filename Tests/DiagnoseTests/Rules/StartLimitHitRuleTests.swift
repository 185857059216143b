@testable import Diagnose
import Evidence
import Testing
import TestKit
import Values

@Suite struct StartLimitHitRuleTests {
    let rule = StartLimitHitRule()
    /// Failed with a program's own result, as a crashing unit is at its limit, and the refusal in the journal.
    let host = Snapshot.healthy.failing("boom").with { host in
        host.unit.edit { unit in
            unit.always { look in
                look.activeState = "failed"
                look.subState = "failed"
                look.nRestarts = 5
            }
        }
        host.journal.edit {
            $0.startLimitHits = [.line("linux-patch-api.service: Start request repeated too quickly.")]
        }
    }

    @Test func `a crashing unit at its limit is found although its result is exit-code`() {
        let judged = Judged(rule, on: host)
        #expect(judged.bearing == .sustains)
        #expect(judged.confidence == .conclusive)
        #expect(judged.cited.contains("repeated too quickly"))
    }

    @Test func `a unit that still tries has not given up`() {
        let judged = Judged(rule, on: host.with { $0.unit.edit { $0.always { $0.activeState = "activating" } } })
        #expect(judged.because != nil)
    }

    @Test func `without a refusal the unit merely failed`() {
        #expect(!Judged(rule, on: host.with { $0.journal.edit { $0.startLimitHits = [] } }).isGuilty)
    }

    @Test func `an old refusal does not explain a later failure`() {
        let later = host.with {
            $0.unit.edit { $0.always { $0.stateChange = .at("2026-05-28T18:39:57Z") } }
            $0.journal.edit { $0.startLimitHits[0].time = .at("2026-05-21T03:00:00Z") }
        }
        #expect(!Judged(rule, on: later).isGuilty)
    }

    @Test func `a clean exit at the limit shows in the result, whatever the journal holds`() {
        let clean = host.with {
            $0.unit.edit { $0.always { $0.result = "start-limit-hit" } }
            $0.journal = .unseen("journal")
        }
        #expect(Judged(rule, on: clean).confidence == .conclusive)
    }

    @Test func `with the journal closed the counter makes it probable`() {
        let closed = host.with { $0.journal = .unseen("journal") }
        #expect(Judged(rule, on: closed).confidence == .probable)
        #expect(Judged(rule, on: closed).faults.first?.missing.first?.what == "journal")
        #expect(!Judged(rule, on: closed.with { $0.unit.edit { $0.always { $0.restart = "no" } } }).isGuilty)
    }
}
