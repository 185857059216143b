@testable import Diagnose
import Evidence
import Testing
import TestKit

@Suite struct ExecNotPermittedRuleTests {
    let rule = ExecNotPermittedRule()
    static let refused = "linux-patch-api.service: Failed at step EXEC spawning /usr/bin/linux-patch-api: "
    let host = Snapshot.healthy.exiting(203, refused + "Permission denied")

    @Test func `a program without execute permission is named with its mode`() {
        let judged = Judged(rule, on: host.with { $0.program.edit { $0.file.mode = 0o644 } })
        #expect(judged.bearing == .blocks(.program))
        #expect(judged.confidence == .conclusive)
        #expect(judged.cited.contains("mode 0644"))
    }

    @Test func `a noexec mount is enough`() {
        let judged = Judged(rule, on: host.with { $0.program.edit { $0.mountedNoExec = true } })
        #expect(judged.summary.contains("noexec"))
    }

    @Test func `a file for another machine is enough`() {
        let judged = Judged(rule, on: Snapshot.healthy.exiting(203, Self.refused + "Exec format error"))
        #expect(judged.summary.contains("no program for this machine"))
    }

    @Test func `a refusal that the file does not explain is probable`() {
        #expect(Judged(rule, on: host).confidence == .probable)
    }

    @Test func `another ending clears it`() {
        #expect(Judged(rule, on: Snapshot.healthy.exiting(1, "Permission denied")).because != nil)
    }

    @Test func `a missing file is not this rule's`() {
        #expect(Judged(rule, on: host.with { $0.program.edit { $0.file.exists = false } }).notApplicable)
    }

    @Test func `a program that nobody looked at is unknown`() {
        let unseen = Snapshot.healthy.exiting(1, "boom").with { $0.program = .unseen("program") }
        #expect(Judged(rule, on: unseen).absence?.what == "program")
    }
}
