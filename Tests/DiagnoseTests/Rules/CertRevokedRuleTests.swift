@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct CertRevokedRuleTests {
    let rule = CertRevokedRule()
    let host = Snapshot.healthy.failing("server certificate is revoked").with {
        $0.certificates.edit { $0.revoked = .seen(true) }
    }

    @Test func `a certificate on the list is the root of a service that fails on it`() {
        #expect(host.diagnosed().ids(.root) == ["cert-revoked"])
    }

    @Test func `a running agent that shows it is not well: whoever asks the list refuses it`() {
        let running = Snapshot.healthy.with { $0.certificates.edit { $0.revoked = .seen(true) } }
        #expect(running.diagnosed().ids(.root) == ["cert-revoked"])
    }

    @Test func `one that is not on it is cleared, and without a list there is nothing to judge`() {
        #expect(rule.answer(.healthy) == .clears)
        let listless = host.with { $0.certificates.edit { $0.edit(.crl) { $0.file.edit { $0.exists = false } } } }
        #expect(rule.answer(listless) == .notApplicable)
    }

    @Test func `a list that could not be used leaves it unknown`() {
        #expect(rule.answer(host.with { $0.certificates.edit { $0.revoked = .unseen() } }) == .unknown)
    }
}
