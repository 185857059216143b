@testable import Diagnose
import Evidence
import Testing
import TestKit
import Values

@Suite struct DiskFullRuleTests {
    let rule = DiskFullRule()
    func host(_ words: String = "boom", _ change: (inout DiskFact) -> Void) -> Snapshot {
        Snapshot.healthy.failing(words).with { host in host.disks.edit { change(&$0[0]) } }
    }

    @Test func `a full disk is the root where the last words say so, and contributes where they don't`() {
        let words = "cannot write /var/lib/linux_patch_api/token: No space left on device (os error 28)"
        let root = Diagnostician().diagnose(host(words) { $0.available = Bytes(4096) })
        #expect(root.findings(.root).map(\.id) == ["disk-full"])
        #expect(Judged(rule, on: host { $0.available = Bytes(4096) }).bearing == .worsens)
    }

    @Test func `no inode is as bad as no room, unless the file system counts none`() {
        #expect(Judged(rule, on: host { $0.inodesFree = 0 }).summary.contains("no inode left"))
        #expect(!Judged(rule, on: host { ($0.inodes, $0.inodesFree) = (0, 0) }).isGuilty)
    }

    @Test func `a MiB is room, and what is only read may be full`() {
        #expect(Judged(rule, on: host { $0.available = .mebibytes(1) }).because != nil)
        #expect(!Judged(rule, on: host { ($0.available, $0.purpose) = (Bytes(0), "program") }).isGuilty)
        #expect(!Judged(rule, on: host { ($0.available, $0.readOnly) = (Bytes(0), true) }).isGuilty)
    }

    @Test func `while the service runs it is a risk`() {
        let running = Snapshot.healthy.with { $0.disks.edit { $0[0].available = Bytes(0) } }
        #expect(Judged(rule, on: running).bearing == .threatens)
    }

    @Test func `disks that nobody looked at are unknown, and healthy ones innocent`() {
        #expect(Judged(rule, on: Snapshot.healthy.with { $0.disks = .unseen("disks") }).absence?.what == "disks")
        #expect(Judged(rule, on: .healthy).because != nil)
    }
}
