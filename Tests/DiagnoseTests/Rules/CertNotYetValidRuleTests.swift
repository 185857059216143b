@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct CertNotYetValidRuleTests {
    let rule = CertNotYetValidRule()

    static func early(on host: Snapshot = Snapshot.healthy.failing("certificate is not yet valid")) -> Snapshot {
        host.with { host in
            host.certificates.edit { $0.edit(.certificate) { $0.certificates[0].notBefore = .daysFromNow(3) } }
        }
    }

    @Test func `a certificate from the future is the root`() {
        #expect(Self.early().diagnosed().ids(.root) == ["cert-not-yet-valid"])
    }

    @Test func `a clock that nobody sets is named with it`() throws {
        let host = Self.early().with { $0.clock.edit { $0.synchronized = false } }
        let fault = try #require(rule.fault(host))
        #expect(fault.summary.contains("clock is not synchronised"))
        #expect(fault.facts.contains { $0.value.contains("clock not synchronised") })
    }

    @Test func `below a clock that nobody sets it is only probable that clients refuse it`() {
        let host = Self.early(on: .healthy)
        #expect(host.diagnosed().ids(.root) == ["cert-not-yet-valid"])
        let adrift = host.with { $0.clock.edit { $0.synchronized = false } }
        #expect(adrift.diagnosed().findings(.root).map(\.confidence) == [.probable])
    }

    @Test func `one that is valid already clears it`() {
        #expect(rule.answer(.healthy) == .clears)
    }

    @Test func `without certificates nobody can tell`() {
        #expect(rule.answer(Snapshot.healthy.with { $0.certificates = .unseen() }) == .unknown)
    }
}
