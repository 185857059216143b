@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct StateUnusableRuleTests {
    let rule = StateUnusableRule()

    @Test func `a state that can't be written is accused, unless a full or read-only disk explains it`() {
        let host = Snapshot.enrolling(.storage)
        #expect(Judged(rule, on: host).bearing == .awaited)
        #expect(Judged(rule, on: host.with { $0.disks.edit { $0[0].available = Bytes(0) } }).because != nil)
        #expect(Judged(rule, on: host.with { $0.disks.edit { $0[0].readOnly = true } }).because != nil)
    }

    @Test func `an enrollment that goes on could write its state`() {
        #expect(Judged(rule, on: .enrolling(.pending)).because != nil)
    }
}
