@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct CertUntrustedRuleTests {
    let rule = CertUntrustedRule()

    static func chain(_ code: Int, on host: Snapshot = Snapshot.healthy.failing("Certs Untrusted.")) -> Snapshot {
        host.with {
            $0.certificates.edit {
                $0.chain = .seen(
                    ChainJudgement(
                        trusted: false, code: code, reason: "certificate signature failure", subject: "CN=radarr-lxc"))
            }
        }
    }

    @Test func `a certificate of another CA of the same name is the root`() throws {
        let root = try #require(Self.chain(7).diagnosed().findings(.root).first)
        #expect(root.id == "cert-untrusted")
        #expect(root.summary.contains("certificate signature failure"))
    }

    @Test func `shown by a running agent it keeps the manager away`() {
        #expect(Self.chain(20, on: .healthy).diagnosed().ids(.root) == ["cert-untrusted"])
    }

    @Test(arguments: [10, 12, 23, 26])
    func `what another rule judges is left to it`(code: Int) {
        #expect(rule.answer(Self.chain(code)) == .notApplicable)
    }

    @Test func `a chain that ends in the CA clears it`() {
        #expect(rule.answer(.healthy) == .clears)
    }

    @Test func `a chain that could not be built for lack of sight is unknown`() {
        #expect(rule.answer(Snapshot.healthy.with { $0.certificates.edit { $0.chain = .unseen() } }) == .unknown)
    }
}
