@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct CRLInvalidRuleTests {
    let rule = CRLInvalidRule()

    @Test func `a list of another CA keeps the agent from starting`() {
        let host = Snapshot.healthy.failing("CRL signature verification failed: signature invalid").with {
            $0.certificates.edit { $0.crlSignatureValid = .seen(false) }
        }
        #expect(host.diagnosed().ids(.root) == ["crl-invalid"])
    }

    @Test func `a file that is no list, or one from the future, is as bad`() {
        let garbage = Snapshot.healthy.with {
            $0.certificates.edit {
                $0.edit(.crl) {
                    $0.parseError = "no start line"
                    $0.crl = nil
                }
            }
        }
        #expect(rule.fault(garbage)?.summary.contains("no start line") == true)
        let early = Snapshot.healthy.with {
            $0.certificates.edit { $0.edit(.crl) { $0.crl?.thisUpdate = .daysFromNow(1) } }
        }
        #expect(rule.fault(early)?.summary.contains("not valid before") == true)
        #expect(early.diagnosed().ids(.risk) == ["crl-invalid"])
    }

    @Test func `the CA's own list clears it, and where there is none there is nothing to judge`() {
        #expect(rule.answer(.healthy) == .clears)
        let none = Snapshot.healthy.with {
            $0.certificates.edit { $0.edit(.crl) { $0.file.edit { $0.exists = false } } }
        }
        #expect(rule.answer(none) == .notApplicable)
    }

    @Test func `a signature that could not be checked is unknown`() {
        #expect(
            rule.answer(Snapshot.healthy.with { $0.certificates.edit { $0.crlSignatureValid = .unseen() } }) == .unknown
        )
    }
}
