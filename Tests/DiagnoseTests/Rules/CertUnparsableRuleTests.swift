@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct CertUnparsableRuleTests {
    let rule = CertUnparsableRule()

    static func broken(_ role: CertificateFile.Role) -> Snapshot {
        .healthy.failing("Certs Corrupt: /x (no certificates found)").with {
            $0.certificates.edit {
                $0.edit(role) {
                    $0.parseError = "no start line"
                    $0.certificates = []
                    $0.key = nil
                }
            }
        }
    }

    @Test(arguments: [CertificateFile.Role.ca, .certificate, .key])
    func `a file without anything usable in it is the root`(role: CertificateFile.Role) {
        #expect(Self.broken(role).diagnosed().ids(.root) == ["cert-unparsable"])
    }

    @Test func `a key that needs a passphrase can't be used by a service`() {
        let host = Snapshot.healthy.with { $0.certificates.edit { $0.edit(.key) { $0.key?.encrypted = true } } }
        #expect(rule.fault(host)?.summary.contains("passphrase") == true)
    }

    @Test func `files that parse clear it`() {
        #expect(rule.answer(.healthy) == .clears)
    }

    @Test func `what an ordinary user may not open is not therefore corrupt`() {
        let host = Snapshot.healthy.with {
            $0.certificates.edit {
                $0.edit(.key) {
                    $0.unread = Absence("content of the key", .notPermitted, why: "permission denied")
                    $0.key = nil
                }
            }
        }
        #expect(rule.answer(host) == .unknown)
        let empty = Snapshot.healthy.with { $0.certificates.edit { $0.edit(.key) { $0.key = nil } } }
        #expect(rule.answer(empty) == .unknown)
        #expect(rule.answer(Snapshot.healthy.with { $0.certificates = .unseen() }) == .unknown)
    }
}
