@testable import Diagnose
import Evidence
import TestKit
import Testing

@Suite struct EnrollmentPendingRuleTests {
    let rule = EnrollmentPendingRule()

    @Test func `a request that waits for a person is accused, and no more once it was answered`() {
        #expect(Judged(rule, on: .enrolling(.pending)).bearing == .awaited)
        #expect(Judged(rule, on: .enrolling(.denied)).because != nil)
        #expect(Judged(rule, on: .enrolling(.enrolled)).notApplicable)
    }

    @Test func `a manager that asks for patience before it registered anything has nothing to approve`() {
        #expect(Judged(rule, on: .enrolling(.rateLimited)).isGuilty)
        #expect(Judged(rule, on: .enrolling(.rateLimited) { $0.registeredAt = nil }).because != nil)
    }
}
