@testable import Diagnose
import Evidence
import Testing
import TestKit

@Suite struct DependencyFailedRuleTests {
    let rule = DependencyFailedRule()
    let host = Snapshot.healthy.with { host in
        host.port.edit { $0.listeners = [] }
        host.unit.edit { unit in
            unit.always { look in
                look.activeState = "inactive"
                look.mainPID = 0
                look.execMainStart = nil
                look.requires = ["system.slice", "sysinit.target", "data.mount"]
            }
        }
        host.journal.edit {
            $0.lastLines = [.line("Dependency failed for linux-patch-api.service.", identifier: "systemd")]
        }
    }

    @Test func `the units that it requires are named`() {
        let judged = Judged(rule, on: host)
        #expect(judged.bearing == .blocks(.unit))
        #expect(judged.summary.contains("(data.mount)"))
    }

    @Test func `an epoch of refused jobs is as good as a line`() {
        let epoch = host.with {
            $0.journal.edit {
                $0.lastLines = []
                $0.epochs = [.failing("Dependency failed for linux-patch-api.service.", ending: "dependency")]
            }
        }
        #expect(Judged(rule, on: epoch).isGuilty)
    }

    @Test func `no such line, no such fault`() {
        #expect(!Judged(rule, on: host.with { $0.journal.edit { $0.lastLines = [] } }).isGuilty)
    }

    @Test func `a service that was tried since is not kept by it`() {
        #expect(!Judged(rule, on: host.exiting(1, "boom")).isGuilty)
    }

    @Test func `with the journal closed it is unknown, never a pass`() {
        #expect(Judged(rule, on: host.with { $0.journal = .unseen("journal") }).absence?.what == "journal")
    }
}
