@testable import Diagnose
import Evidence
import Testing
import TestKit
import Values

@Suite struct ReadinessNeverSentRuleTests {
    let rule = ReadinessNeverSentRule()
    /// Starting for ten minutes, with the port not yet bound.
    let host = Snapshot.healthy.with { host in
        host.port.edit { $0.listeners = [] }
        host.unit.edit { unit in
            unit.always { look in
                look.type = "notify"
                look.activeState = "activating"
                look.subState = "start"
                look.execMainStart = .at("2026-05-28T18:30:00Z")
                look.statusText = "waiting for approval"
            }
        }
    }

    @Test func `a start that hangs is possible, with what it says of itself`() {
        let judged = Judged(rule, on: host)
        #expect(judged.bearing == .blocks(.running))
        #expect(judged.confidence == .possible)
        #expect(judged.summary.contains("for 10 min") && judged.summary.contains("waiting for approval"))
    }

    @Test func `a service that serves without saying so is conclusive`() {
        let serving = host.with { $0.port = Snapshot.healthy.port }
        #expect(Judged(rule, on: serving).confidence == .conclusive)
    }

    @Test func `a start of a few seconds is a start`() {
        let young = host.with { $0.unit.edit { $0.always { $0.execMainStart = .at("2026-05-28T18:39:30Z") } } }
        #expect(Judged(rule, on: young).because?.contains("30 s") == true)
    }

    @Test func `a service that is active has said so`() {
        #expect(!Judged(rule, on: host.with { $0.unit.edit { $0.always { $0.activeState = "active" } } }).isGuilty)
    }

    @Test func `a service of another type need not say so`() {
        #expect(Judged(rule, on: host.with { $0.unit.edit { $0.always { $0.type = "simple" } } }).notApplicable)
    }

    @Test func `an exit before READY=1 is named`() {
        let exited = Snapshot.healthy.ending("protocol", "Failed with result 'protocol'").with {
            $0.unit.edit { $0.always { $0.type = "notify" } }
        }
        #expect(Judged(rule, on: exited).summary.contains("ended before it sent READY=1"))
    }
}
