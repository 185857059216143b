@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct CertMissingRuleTests {
    let rule = CertMissingRule()
    static let path = "/etc/linux_patch_api/certs/ca.pem"
    let host = Snapshot.healthy.failing("TLS CA certificate not found: \(path)").with {
        $0.certificates.edit { $0.edit(.ca) { $0.file.edit { $0.exists = false } } }
    }

    @Test func `a missing file is the root`() {
        #expect(rule.answer(host) == .accuses([Self.path]))
        #expect(host.diagnosed().ids(.root) == ["cert-missing"])
    }

    @Test func `every missing file is named, and a revocation list is none of them`() {
        let bare = host.with { host in
            host.certificates.edit { certificates in
                for role in CertificateFile.Role.allCases {
                    certificates.edit(role) { $0.file.edit { $0.exists = false } }
                }
            }
        }
        #expect(rule.fault(bare)?.subject == Self.path)
        guard case .accuses(let subjects) = rule.answer(bare) else { return #expect(Bool(false)) }
        #expect(subjects.count == 3)
        #expect(bare.diagnosed().ids(.root).allSatisfy { $0 == "cert-missing" })
    }

    @Test func `files that are there clear it`() {
        #expect(rule.answer(.healthy) == .clears)
        #expect(rule.answer(.incident) == .clears)
    }

    @Test func `without TLS no certificate is needed`() {
        #expect(rule.answer(host.with { $0.configuration.edit { $0.tlsEnabled = false } }) == .notApplicable)
        #expect(rule.answer(host.with { $0.configuration.edit { $0.tlsEnabled = nil } }) == .notApplicable)
    }

    @Test func `a file that could not be looked for is unknown, never missing and never there`() {
        let hidden = host.with { $0.certificates.edit { $0.edit(.ca) { $0.file = .unseen() } } }
        #expect(rule.answer(hidden) == .unknown)
        let failed = host.with {
            $0.certificates.edit { $0.edit(.ca) { $0.file.edit { $0.error = "permission denied" } } }
        }
        #expect(rule.answer(failed) == .unknown)
        #expect(rule.answer(host.with { $0.certificates = .unseen() }) == .unknown)
    }

    @Test func `a missing file is found although another one could not be looked for`() {
        let half = host.with { $0.certificates.edit { $0.edit(.key) { $0.file = .unseen() } } }
        #expect(rule.answer(half) == .accuses([Self.path]))
    }

    @Test func `a missing file below a running service is a risk`() {
        let running = Snapshot.healthy.with {
            $0.certificates.edit { $0.edit(.ca) { $0.file.edit { $0.exists = false } } }
        }
        #expect(running.diagnosed().ids(.risk) == ["cert-missing"])
        #expect(running.diagnosed().ids(.root) == [])
    }
}
