@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct CRLMissingRuleTests {
    let rule = CRLMissingRule()
    let host = Snapshot.healthy.with { $0.certificates.edit { $0.edit(.crl) { $0.file.edit { $0.exists = false } } } }

    @Test func `no list is a risk and keeps nobody from serving`() {
        #expect(host.diagnosed().ids(.risk) == ["crl-missing"])
        #expect(host.diagnosed().verdict == .healthy)
        #expect(host.failing(Snapshot.portInUse).diagnosed().ids(.risk) == ["crl-missing"])
    }

    @Test func `a list that is there clears it, and none may be asked for`() {
        #expect(rule.answer(.healthy) == .clears)
        let unasked = host.with { $0.certificates.edit { $0.files.removeAll { $0.role == .crl } } }
        #expect(rule.answer(unasked) == .notApplicable)
    }

    @Test func `a list that could not be looked for is unknown`() {
        #expect(rule.answer(host.with { $0.certificates.edit { $0.edit(.crl) { $0.file = .unseen() } } }) == .unknown)
    }
}
