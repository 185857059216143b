@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct ServedCertStaleRuleTests {
    let rule = ServedCertStaleRule()

    static func serving(_ change: (inout X509Fact) -> Void) -> Snapshot {
        var older = X509Fact.server
        older.fingerprint = .standingFor("older")
        change(&older)
        return .healthy.with { $0.served.edit { $0.certificate = older } }
    }

    @Test func `a renewed file that a running agent has not read is a risk while the old one is valid`() {
        #expect(Self.serving { _ in }.diagnosed().ids(.risk) == ["served-cert-stale"])
        #expect(Self.serving { _ in }.diagnosed().ids(.root) == [])
    }

    @Test func `an old certificate that has expired is the outage, whatever lies on disk`() {
        let host = Self.serving { $0.notAfter = .daysFromNow(-1) }
        #expect(host.diagnosed().ids(.root) == ["served-cert-stale"])
        #expect(host.diagnosed().verdict == .unhealthy)
    }

    @Test func `one of another CA than the present one is an outage too`() {
        #expect(Self.serving { $0.issuer = "CN=Former CA" }.diagnosed().ids(.root) == ["served-cert-stale"])
    }

    @Test func `the certificate on disk clears it`() {
        #expect(rule.answer(.healthy) == .clears)
    }

    @Test func `what an enrollment shows in the service's place is not the service's`() {
        #expect(rule.answer(.incident) == .notApplicable)
    }

    @Test func `without a handshake nobody can tell`() {
        #expect(rule.answer(Snapshot.healthy.with { $0.served = .unseen() }) == .unknown)
        #expect(rule.answer(Snapshot.healthy.with { $0.served.edit { $0.certificate = nil } }) == .unknown)
    }
}
