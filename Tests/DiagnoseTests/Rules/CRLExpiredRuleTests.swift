@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct CRLExpiredRuleTests {
    let rule = CRLExpiredRule()
    let host = Snapshot.healthy.with {
        $0.certificates.edit { $0.edit(.crl) { $0.crl?.nextUpdate = .daysFromNow(-2) } }
    }

    @Test func `a list past its promise is a risk`() {
        #expect(host.diagnosed().ids(.risk) == ["crl-expired"])
        #expect(rule.fault(host)?.summary.contains("(2 d)") == true)
        #expect(host.diagnosed().verdict == .healthy)
    }

    @Test func `one that is up to date or promises nothing clears it`() {
        #expect(rule.answer(.healthy) == .clears)
        #expect(
            rule.answer(host.with { $0.certificates.edit { $0.edit(.crl) { $0.crl?.nextUpdate = nil } } }) == .clears)
    }

    @Test func `a list that could not be looked for is unknown`() {
        #expect(rule.answer(host.with { $0.certificates.edit { $0.edit(.crl) { $0.file = .unseen() } } }) == .unknown)
    }
}
