@testable import Diagnose
import Evidence
import TestKit
import Testing

@Suite struct BundleRefusedRuleTests {
    let rule = BundleRefusedRule()

    @Test func `a delivered bundle that was refused is accused, one that is awaited is not`() {
        #expect(Judged(rule, on: .enrolling(.refused)).bearing == .awaited)
        #expect(Judged(rule, on: .enrolling(.pending)).because != nil)
    }

    @Test func `a record of a service that is enrolled says nothing, one that can't be read is unknown`() {
        #expect(Judged(rule, on: .enrolling(.enrolled)).notApplicable)
        #expect(Judged(rule, on: Snapshot.healthy.with { $0.enrollment = .unseen("record") }).absence?.what == "record")
    }
}
