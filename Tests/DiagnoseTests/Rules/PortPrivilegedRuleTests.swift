@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct PortPrivilegedRuleTests {
    let rule = PortPrivilegedRule()
    let host = Snapshot.healthy.failing("Failed to bind to 0.0.0.0:443: Permission denied (os error 13)").with {
        $0.target.port = Port(rawValue: 443) ?? .agent
        $0.unit.edit { $0.always { $0.user = "patch" } }
    }

    @Test func `a refused bind is the root and names the user`() throws {
        let root = try #require(host.diagnosed().findings(.root).first)
        #expect(root.id == "port-privileged")
        #expect(root.summary.contains("below 1024") && root.summary.contains("patch"))
    }

    @Test func `a high port is refused by a policy`() {
        let host = Snapshot.healthy.failing("bind: Permission denied")
        #expect(rule.fault(host)?.summary.contains("security policy") == true)
    }

    @Test func `other failures are none of its business`() {
        #expect(rule.answer(.incident) == .clears)
        #expect(rule.answer(Snapshot.healthy.failing("open /x/server.key: permission denied")) == .clears)
    }

    @Test func `without the journal nobody can tell`() {
        #expect(rule.answer(host.with { $0.journal = .unseen() }) == .unknown)
    }
}
