@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct CertKeyMismatchRuleTests {
    let rule = CertKeyMismatchRule()
    let host = Snapshot.healthy.failing("keys may not be consistent: KeyMismatch").with {
        $0.certificates.edit { $0.keyMatches = .seen(false) }
    }

    @Test func `a key of another pair is the root`() {
        #expect(host.diagnosed().ids(.root) == ["cert-key-mismatch"])
    }

    @Test func `below a running agent, which holds the old pair, it is a risk`() {
        let running = Snapshot.healthy.with { $0.certificates.edit { $0.keyMatches = .seen(false) } }
        #expect(running.diagnosed().ids(.risk) == ["cert-key-mismatch"])
    }

    @Test func `its own key clears it`() {
        #expect(rule.answer(.healthy) == .clears)
    }

    @Test func `without a certificate there is no pair to compare`() {
        let gone = host.with { $0.certificates.edit { $0.edit(.certificate) { $0.file.edit { $0.exists = false } } } }
        #expect(rule.answer(gone) == .notApplicable)
    }

    @Test func `a key that could not be read leaves it unknown`() {
        #expect(rule.answer(host.with { $0.certificates.edit { $0.keyMatches = .unseen() } }) == .unknown)
        #expect(rule.answer(host.with { $0.certificates.edit { $0.edit(.key) { $0.file = .unseen() } } }) == .unknown)
    }
}
