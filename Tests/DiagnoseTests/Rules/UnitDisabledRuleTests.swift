@testable import Diagnose
import Evidence
import Testing
import TestKit

@Suite struct UnitDisabledRuleTests {
    let rule = UnitDisabledRule()
    let running = Snapshot.healthy.with { $0.unit.edit { $0.always { $0.unitFileState = "disabled" } } }
    var inactive: Snapshot {
        running.with { host in
            host.unit.edit { unit in
                unit.always { look in
                    look.activeState = "inactive"
                    look.mainPID = 0
                }
            }
            host.port.edit { $0.listeners = [] }
        }
    }

    @Test func `inactive and disabled, nothing brings it up`() {
        #expect(Judged(rule, on: inactive).bearing == .sustains)
        #expect(Diagnostician(rules: [rule]).diagnose(inactive).findings(.root).map(\.id) == ["unit-disabled"])
    }

    @Test func `a running service will miss the next boot`() {
        #expect(Judged(rule, on: running).bearing == .threatens)
    }

    @Test func `enabled, it is innocent`() {
        #expect(
            Judged(rule, on: inactive.with { $0.unit.edit { $0.always { $0.unitFileState = "enabled" } } }).because
                != nil)
    }

    @Test func `a socket that starts it is as good`() {
        let triggered = inactive.with { $0.unit.edit { $0.always { $0.triggeredBy = ["linux-patch-api.socket"] } } }
        #expect(Judged(rule, on: triggered).because?.contains("linux-patch-api.socket") == true)
    }

    @Test func `enabled until the next boot only is a risk even while inactive`() {
        let runtime = inactive.with { $0.unit.edit { $0.always { $0.unitFileState = "enabled-runtime" } } }
        #expect(Judged(rule, on: runtime).bearing == .threatens)
    }
}
