@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct CertUnreadableRuleTests {
    let rule = CertUnreadableRule()
    static let path = "/etc/linux_patch_api/certs/server.key"
    let host = Snapshot.healthy.failing("failed to open private key \(path): Permission denied (os error 13)").with {
        $0.unit.edit { $0.always { $0.user = "patch" } }
        $0.certificates.edit {
            $0.edit(.key) {
                $0.readableByService = .seen(false)
                $0.blockedAt = "/etc/linux_patch_api/certs"
            }
        }
    }

    @Test func `a file that the service's user may not read is the root, with the obstacle`() throws {
        let root = try #require(host.diagnosed().findings(.root).first)
        #expect(root.id == "cert-unreadable")
        #expect(
            root.summary.contains("user patch") && root.summary.contains("/etc/linux_patch_api/certs is in the way"))
    }

    @Test func `files that it may read clear it`() {
        #expect(rule.answer(.healthy) == .clears)
    }

    @Test func `a file that is not there is another rule's`() {
        let gone = host.with { $0.certificates.edit { $0.edit(.key) { $0.file.edit { $0.exists = false } } } }
        #expect(rule.answer(gone) == .clears)
    }

    @Test func `where it could not be worked out nobody can tell`() {
        let unsure = Snapshot.healthy.with {
            $0.certificates.edit { $0.edit(.key) { $0.readableByService = .unseen() } }
        }
        #expect(rule.answer(unsure) == .unknown)
    }
}
