@testable import Diagnose
import Evidence
import TestKit
import Testing

@Suite struct ManagerUntrustedRuleTests {
    let rule = ManagerUntrustedRule()

    @Test func `a manager that nothing vouches for is accused, one that answered is not`() {
        #expect(Judged(rule, on: .enrolling(.untrusted)).bearing == .awaited)
        #expect(Judged(rule, on: .enrolling(.unreachable)).because != nil)
    }

    @Test func `of a host that never asked a manager nothing is said`() {
        #expect(Judged(rule, on: .healthy).notApplicable)
        #expect(Judged(rule, on: Snapshot.healthy.with { $0.enrollment = .unseen() }).absence != nil)
    }
}
