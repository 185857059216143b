@testable import Diagnose
import Evidence
import Testing
import TestKit
import Values

@Suite struct BinaryStaleRuleTests {
    let rule = BinaryStaleRule()

    @Test func `a deleted executable is a risk of the running service`() {
        let host = Snapshot.healthy.with { $0.processes.edit { $0.edit(812) { $0.executableDeleted = true } } }
        #expect(Judged(rule, on: host).bearing == .threatens)
        #expect(Diagnostician(rules: [rule]).diagnose(host).verdict == .healthy)
    }

    @Test func `another file of the same name is one too`() {
        func host(onDisk inode: UInt64) -> Snapshot {
            .healthy.with { host in
                host.processes.edit { $0.edit(812) { $0.executableIdentity = FileIdentity(device: 1, inode: 7) } }
                host.program.edit { $0.file.identity = FileIdentity(device: 1, inode: inode) }
            }
        }
        #expect(Judged(rule, on: host(onDisk: 8)).cited.contains("inode 8"))
        #expect(Judged(rule, on: host(onDisk: 7)).because != nil)
    }

    @Test func `a renamed old binary is found, an interpreter is not taken for one`() {
        func host(runs executable: String) -> Snapshot {
            .healthy.with { host in
                host.processes.edit {
                    $0.edit(812) {
                        $0.executable = executable
                        $0.executableIdentity = FileIdentity(device: 1, inode: 7)
                    }
                }
                host.program.edit { $0.file.identity = FileIdentity(device: 1, inode: 8) }
            }
        }
        #expect(Judged(rule, on: host(runs: "/usr/bin/linux-patch-api.old")).isGuilty)
        #expect(Judged(rule, on: host(runs: "/usr/bin/python3.11")).notApplicable)
    }

    @Test func `an executable that may not be read is unknown, never a pass`() {
        let host = Snapshot.healthy.with { $0.processes.edit { $0.edit(812) { $0.executable = nil } } }
        #expect(Judged(rule, on: host).absence?.reason == .notPermitted)
    }

    @Test func `without a main process there is nothing to compare`() {
        #expect(Judged(rule, on: .incident).notApplicable)
    }
}
