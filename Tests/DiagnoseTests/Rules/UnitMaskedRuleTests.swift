@testable import Diagnose
import Evidence
import Testing
import TestKit

@Suite struct UnitMaskedRuleTests {
    let rule = UnitMaskedRule()
    let host = Snapshot.healthy.failing("").with { host in
        host.unit.edit { unit in
            unit.always { look in
                look.activeState = "inactive"
                look.loadState = "masked"
                look.unitFileState = "masked"
            }
        }
    }

    @Test func `a masked unit can't be started`() { #expect(Judged(rule, on: host).bearing == .blocks(.unit)) }

    @Test func `unmasked it is innocent`() {
        let unmasked = host.with {
            $0.unit.edit {
                $0.always {
                    $0.loadState = "loaded"; $0.unitFileState = "enabled"
                }
            }
        }
        #expect(Judged(rule, on: unmasked).because != nil)
    }

    @Test func `a mask that ends with the boot is said to`() {
        let runtime = host.with { $0.unit.edit { $0.always { $0.unitFileState = "masked-runtime" } } }
        #expect(Judged(rule, on: runtime).summary.contains("until the next boot"))
    }
}
