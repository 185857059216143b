@testable import Diagnose
import Evidence
import TestKit
import Testing

@Suite struct EnrollmentConflictRuleTests {
    let rule = EnrollmentConflictRule()

    @Test func `a host that the manager knows already is accused, and no more once it took the request`() {
        #expect(Judged(rule, on: .enrolling(.conflict)).summary.contains("192.168.3.41"))
        #expect(Judged(rule, on: .enrolling(.pending)).because != nil)
    }

    @Test func `beside a service that serves it is the next thing to fail`() {
        let host = Snapshot.healthy.with { $0.enrollment.edit { $0.record = .example(.conflict) } }
        #expect(Judged(rule, on: host).bearing == .threatens)
        #expect(Judged(rule, on: .healthy).notApplicable)
    }
}
