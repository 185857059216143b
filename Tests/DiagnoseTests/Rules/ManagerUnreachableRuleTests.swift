@testable import Diagnose
import Evidence
import TestKit
import Testing

@Suite struct ManagerUnreachableRuleTests {
    let rule = ManagerUnreachableRule()

    @Test func `a manager that gives no answer is accused, one that answered is not`() {
        #expect(Judged(rule, on: .enrolling(.unreachable)).bearing == .awaited)
        #expect(Judged(rule, on: .enrolling(.pending)).because != nil)
    }

    @Test func `patience that is asked for before a registration keeps the host out, later it does not`() {
        #expect(Judged(rule, on: .enrolling(.rateLimited) { $0.registeredAt = nil }).isGuilty)
        #expect(Judged(rule, on: .enrolling(.rateLimited)).because != nil)
    }
}
