@testable import Diagnose
import Evidence
import Testing
import TestKit
import Values

@Suite struct ServiceGaveUpCleanlyRuleTests {
    let rule = ServiceGaveUpCleanlyRule()
    let host = Snapshot.healthy.with { host in
        host.port.edit { $0.listeners = [] }
        host.unit.edit { unit in
            unit.always { look in
                look.activeState = "inactive"
                look.subState = "dead"
                look.mainPID = 0
                look.execMainCode = 1
                look.execMainStatus = 0
                look.execMainExit = .at("2026-05-28T18:00:00.000100Z")
                look.activeExit = .at("2026-05-28T18:00:00.000283Z")
            }
        }
        host.journal.edit { $0.lastLines = [.line("certificates are missing and no manager is configured")] }
    }

    @Test func `an exit by itself is conclusive, and its last words are cited`() {
        let judged = Judged(rule, on: host)
        #expect(judged.bearing == .sustains)
        #expect(judged.confidence == .conclusive)
        #expect(judged.cited.contains("no manager is configured"))
    }

    @Test func `a stop on request is only possible, and said to be one`() {
        let judged = Judged(
            rule, on: host.with { $0.unit.edit { $0.always { $0.activeExit = .at("2026-05-28T18:00:00Z") } } })
        #expect(judged.confidence == .possible)
        #expect(judged.summary.contains("was stopped on request"))
    }

    @Test func `without the times it is possible, and says what is missing`() {
        let judged = Judged(rule, on: host.with { $0.unit.edit { $0.always { $0.activeExit = nil } } })
        #expect(judged.confidence == .possible)
        #expect(!judged.faults[0].missing.isEmpty)
    }

    @Test func `a failure is not clean`() { #expect(!Judged(rule, on: host.exiting(1, "boom")).isGuilty) }

    @Test func `a unit that nobody wants to run may be down`() {
        #expect(!Judged(rule, on: host.with { $0.unit.edit { $0.always { $0.unitFileState = "disabled" } } }).isGuilty)
        #expect(Judged(rule, on: host.with { $0.unit.edit { $0.always { $0.type = "oneshot" } } }).notApplicable)
        #expect(
            Judged(rule, on: host.with { $0.unit.edit { $0.always { $0.triggeredBy = ["a.socket"] } } }).notApplicable)
    }

    @Test func `a unit that was never started has not ended`() {
        #expect(!Judged(rule, on: host.with { $0.unit.edit { $0.always { $0.execMainCode = 0 } } }).isGuilty)
    }
}
