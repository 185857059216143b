@testable import Diagnose
import Evidence
import Testing
import TestKit

@Suite struct ClockUnsynchronisedRuleTests {
    let rule = ClockUnsynchronisedRule()
    let host = Snapshot.healthy.with { $0.clock.edit { $0.synchronized = false } }

    @Test func `it is a risk, and no more, while all certificates are valid`() {
        #expect(Judged(rule, on: host).bearing == .threatens)
        #expect(Diagnostician().diagnose(host).verdict == .healthy)
    }

    @Test func `it contributes where a certificate's validity hangs on it`() {
        let early = host.with {
            $0.certificates.edit { $0.edit(.certificate) { $0.certificates[0].notBefore = .daysFromNow(1) } }
        }
        #expect(Judged(rule, on: early).bearing == .worsens)
        #expect(Judged(rule, on: early).summary.contains("server.pem"))
    }

    @Test func `a clock that is kept is innocent, one that nobody asked unknown`() {
        #expect(Judged(rule, on: .healthy).because != nil)
        #expect(Judged(rule, on: host.with { $0.clock = .unseen("clock") }).absence?.what == "clock")
    }
}
