@testable import Diagnose
import Evidence
import Testing
import TestKit

@Suite struct ExitCodeLoopRuleTests {
    @Test func `it speaks only when nobody else does, with the last lines`() {
        let host = Snapshot.healthy.failing("panicked at 'index out of bounds'")
        let diagnosis = Diagnostician().diagnose(host)
        #expect(diagnosis.findings(.root).map(\.id) == ["exit-code-loop"])
        #expect(diagnosis.findings(.root).first?.facts.contains { $0.value.contains("index out of bounds") } == true)
        #expect(!Diagnostician().diagnose(.incident).findings.contains { $0.id == "exit-code-loop" })
    }

    @Test func `a step before the program is named with its settings`() {
        let host = Snapshot.healthy.exiting(200, "Changing to the requested working directory failed")
        #expect(
            Judged(ExitCodeLoopRule(), on: host).summary.contains("(CHDIR), while systemd applied WorkingDirectory="))
    }

    @Test func `a single failure is not called a loop`() {
        let once = Snapshot.healthy.exiting(78, "bad configuration").with { host in
            host.unit.edit {
                $0.always {
                    $0.activeState = "failed"; $0.nRestarts = 0
                }
            }
        }
        #expect(Judged(ExitCodeLoopRule(), on: once).summary.contains("failed and is not restarted"))
    }

    @Test func `a service that runs is not asked`() {
        #expect(Judged(ExitCodeLoopRule(), on: .healthy).notApplicable)
    }
}
