@testable import Diagnose
import Evidence
import Testing
import TestKit

@Suite struct UserMissingRuleTests {
    let rule = UserMissingRule()
    let host = Snapshot.healthy.exiting(
        217, "linux-patch-api.service: Failed at step USER spawning it: No such process"
    )
    .with {
        $0.unit.edit { $0.always { $0.user = "ghost" } }
        $0.program.edit { $0.userExists = false }
    }

    @Test func `the user that does not exist is named`() {
        let judged = Judged(rule, on: host)
        #expect(judged.bearing == .blocks(.program))
        #expect(judged.faults.first?.subject == "ghost")
        #expect(judged.confidence == .conclusive)
    }

    @Test func `a group is told apart from a user`() {
        let group = host.with {
            $0.unit.edit {
                $0.always {
                    $0.execMainStatus = 216; $0.group = "wraiths"
                }
            }
            $0.program.edit { $0.groupExists = false }
        }
        #expect(Judged(rule, on: group).summary.contains("group 'wraiths'"))
    }

    @Test func `a user that exists by now clears it`() {
        #expect(Judged(rule, on: host.with { $0.program.edit { $0.userExists = true } }).because != nil)
    }

    @Test func `an account that nobody looked up makes it probable`() {
        #expect(Judged(rule, on: host.with { $0.program = .unseen("program") }).confidence == .probable)
    }

    @Test func `a user that systemd makes up is none that is missing`() {
        #expect(Judged(rule, on: host.with { $0.unit.edit { $0.always { $0.dynamicUser = true } } }).because != nil)
    }

    @Test func `another ending clears it`() {
        #expect(Judged(rule, on: host.with { $0.unit.edit { $0.always { $0.execMainStatus = 1 } } }).because != nil)
    }
}
