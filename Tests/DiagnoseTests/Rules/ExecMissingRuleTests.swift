@testable import Diagnose
import Evidence
import Testing
import TestKit

@Suite struct ExecMissingRuleTests {
    let rule = ExecMissingRule()
    static let words =
        "linux-patch-api.service: Failed at step EXEC spawning /usr/bin/linux-patch-api: No such file or directory"
    let host = Snapshot.healthy.exiting(203, words).with { $0.program.edit { $0.file.exists = false } }

    @Test func `a missing program keeps it from starting`() {
        let judged = Judged(rule, on: host)
        #expect(judged.bearing == .blocks(.program))
        #expect(judged.faults.first?.subject == "/usr/bin/linux-patch-api")
        #expect(judged.cited.contains("ExecMainStatus=203"))
    }

    @Test func `a missing interpreter is named instead of the program`() {
        let script = host.with {
            $0.program.edit {
                $0.file.exists = true; $0.interpreter = "/usr/bin/python2"; $0.interpreterExists = false
            }
        }
        #expect(Judged(rule, on: script).faults.first?.subject == "/usr/bin/python2")
    }

    @Test func `a program that is there again, and no more attempts, clear it`() {
        let back = host.with {
            $0.program.edit { $0.file.exists = true }
            $0.unit.edit {
                $0.always {
                    $0.activeState = "failed"; $0.subState = "failed"
                }
            }
        }
        #expect(Judged(rule, on: back).because == "the program exists")
    }

    @Test func `a program that only the service can't see is possible`() {
        let hidden = host.with { $0.program.edit { $0.file.exists = true } }
        #expect(Judged(rule, on: hidden).confidence == .possible)
    }

    @Test func `a program that nobody looked at is unknown, or probable by systemd's words`() {
        let unseen = host.with { $0.program = .unseen("program") }
        #expect(Judged(rule, on: unseen).confidence == .probable)
        #expect(Judged(rule, on: Snapshot.healthy.with { $0.program = .unseen("program") }).absence?.what == "program")
    }

    @Test func `a program behind a closed directory is unknown, never a pass`() {
        let closed = host.with { $0.program.edit { $0.file.error = "permission denied" } }
        #expect(Judged(rule, on: closed).absence?.reason == .notPermitted)
    }

    @Test func `a program removed under the running service is a risk`() {
        let running = Snapshot.healthy.with { $0.program.edit { $0.file.exists = false } }
        #expect(Diagnostician(rules: [rule]).diagnose(running).findings.map(\.role) == [.risk])
    }
}
