@testable import Diagnose
import Evidence
import TestKit
import Testing

@Suite struct EnrollmentExpiredRuleTests {
    let rule = EnrollmentExpiredRule()

    @Test func `a request is over when its time is, and not a moment before`() {
        func waits(until time: String) -> Judged {
            Judged(rule, on: .enrolling(.pending) { $0.expiresAt = .at(time) })
        }
        #expect(waits(until: "2026-05-28T18:40:00Z").isGuilty)
        #expect(waits(until: "2026-05-28T18:40:01Z").because != nil)
    }

    @Test func `a request that is gone before its time did not expire`() {
        #expect(!Judged(rule, on: .enrolling(.lost)).isGuilty)
    }
}
