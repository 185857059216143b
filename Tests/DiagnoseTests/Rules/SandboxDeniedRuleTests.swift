@testable import Diagnose
import Evidence
import Testing
import TestKit

@Suite struct SandboxDeniedRuleTests {
    let rule = SandboxDeniedRule()
    static let words =
        "linux-patch-api.service: Failed to set up mount namespacing: /run/systemd/unit-root/opt: No such file or directory"

    @Test(arguments: [
        226: "ReadWritePaths=", 218: "CapabilityBoundingSet=", 227: "NoNewPrivileges=", 228: "SystemCallFilter=",
        210: "RootDirectory=",
    ])
    func `the step names its settings`(_ status: Int, _ setting: String) {
        let judged = Judged(rule, on: Snapshot.healthy.exiting(Int32(status), Self.words))
        #expect(judged.bearing == .blocks(.program))
        #expect(judged.summary.contains(setting))
        #expect(judged.cited.contains("mount namespacing"))
    }

    @Test func `a forbidden system call is the sandbox too`() {
        #expect(Judged(rule, on: Snapshot.healthy.ending("signal", signal: 31, "Started")).summary.contains("SIGSYS"))
    }

    @Test(arguments: [1, 200, 203, 217]) func `other endings clear it`(_ status: Int) {
        #expect(Judged(rule, on: Snapshot.healthy.exiting(Int32(status), "x")).because != nil)
    }

    @Test func `the number is enough with the journal closed`() {
        let closed = Snapshot.healthy.exiting(226, "").with { $0.journal = .unseen("journal") }
        #expect(Judged(rule, on: closed).isGuilty)
    }
}
