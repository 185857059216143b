@testable import Diagnose
import Evidence
import Testing
import TestKit

@Suite struct FilesystemReadOnlyRuleTests {
    let rule = FilesystemReadOnlyRule()
    static let words = "cannot write /var/lib/linux_patch_api/token: Read-only file system (os error 30)"
    let host = Snapshot.healthy.failing(words).with { $0.disks.edit { $0[0].readOnly = true } }

    @Test func `the path and its purpose are named`() {
        let judged = Judged(rule, on: host)
        #expect(judged.bearing == .blocks(.program))
        #expect(judged.summary.contains("/var/lib/linux_patch_api (state)"))
        #expect(Diagnostician().diagnose(host).findings(.root).map(\.id) == ["filesystem-read-only"])
    }

    @Test func `the same words over a writable file system point at the sandbox`() {
        let writable = host.with { $0.disks.edit { $0[0].readOnly = false } }
        #expect(Judged(rule, on: writable).because?.contains("ProtectSystem=") == true)
    }

    @Test func `a read-only program is as it should be`() {
        #expect(!Judged(rule, on: host.with { $0.disks.edit { $0[0].purpose = "program" } }).isGuilty)
    }

    @Test func `file systems that nobody looked at are unknown, and healthy ones innocent`() {
        #expect(Judged(rule, on: host.with { $0.disks = .unseen("disks") }).absence?.what == "disks")
        #expect(Judged(rule, on: .healthy).because != nil)
    }
}
