@testable import Diagnose
import Evidence
import TestKit
import Testing

@Suite struct EnrollmentDeniedRuleTests {
    let rule = EnrollmentDeniedRule()

    @Test func `a denied request is accused, one that waits is not`() {
        #expect(Judged(rule, on: .enrolling(.denied)).confidence == .conclusive)
        #expect(Judged(rule, on: .enrolling(.pending)).because != nil)
    }

    @Test func `a request that is gone before its time was denied or lost, one that outlived it was neither`() {
        #expect(Judged(rule, on: .enrolling(.lost)).confidence == .probable)
        let late = Snapshot.enrolling(.lost) { $0.expiresAt = .at("2026-05-28T18:00:00Z") }
        #expect(!Judged(rule, on: late).isGuilty)
    }
}
