@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct CertWrongPurposeRuleTests {
    let rule = CertWrongPurposeRule()

    static func client(on host: Snapshot) -> Snapshot {
        host.with {
            $0.certificates.edit {
                $0.serverPurpose = .seen(false)
                $0.edit(.certificate) { $0.certificates[0].extendedKeyUsage = ["clientAuth"] }
            }
        }
    }

    @Test func `a client's certificate in the server's place is the root`() throws {
        let root = try #require(
            Self.client(on: Snapshot.healthy.failing("unsuitable certificate purpose")).diagnosed().findings(.root)
                .first)
        #expect(root.id == "cert-wrong-purpose")
        #expect(root.summary.contains("clientAuth"))
    }

    @Test func `shown by a running agent it keeps the manager away`() {
        #expect(Self.client(on: .healthy).diagnosed().ids(.root) == ["cert-wrong-purpose"])
    }

    @Test func `a server's certificate clears it`() {
        #expect(rule.answer(.healthy) == .clears)
    }

    @Test func `where it could not be judged nobody can tell`() {
        #expect(
            rule.answer(Snapshot.healthy.with { $0.certificates.edit { $0.serverPurpose = .unseen() } }) == .unknown)
    }
}
