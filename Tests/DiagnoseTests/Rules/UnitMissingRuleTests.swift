@testable import Diagnose
import Evidence
import Testing
import TestKit

@Suite struct UnitMissingRuleTests {
    let rule = UnitMissingRule()
    func host(_ loadState: String) -> Snapshot {
        .healthy.failing("gone").with { host in
            host.unit.edit { unit in
                unit.always { look in
                    look.activeState = "inactive"
                    look.loadState = loadState
                }
            }
        }
    }

    @Test(arguments: ["not-found": "no unit file", "bad-setting": "refuses", "error": "could not load"])
    func `each way of not being loaded has its own words`(_ loadState: String, _ words: String) {
        let judged = Judged(rule, on: host(loadState))
        #expect(judged.bearing == .blocks(.unit))
        #expect(judged.summary.contains(words))
    }

    @Test func `a loaded unit is there`() { #expect(Judged(rule, on: host("loaded")).because != nil) }

    @Test func `a state that we do not know is unknown, never a pass`() {
        #expect(Judged(rule, on: host("stranger")).absence != nil)
    }

    @Test func `the running service is only at risk when its file has gone`() {
        let running = Snapshot.healthy.with { $0.unit.edit { $0.always { $0.loadState = "not-found" } } }
        #expect(Diagnostician(rules: [rule]).diagnose(running).findings.map(\.role) == [.risk])
    }
}
