@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct CertExpiringSoonRuleTests {
    let rule = CertExpiringSoonRule()

    static func ending(in days: Int64, threshold: Int = 7) -> Snapshot {
        .healthy.with { host in
            host.certificates.edit { $0.edit(.certificate) { $0.certificates[0].notAfter = .daysFromNow(days) } }
            host.configuration.edit { $0.renewalThresholdDays = threshold }
        }
    }

    @Test(arguments: [(3, 7, true), (8, 7, false), (8, 30, true), (-1, 7, false)])
    func `the configured threshold decides, and what is over is another rule's`(days: Int64, threshold: Int, soon: Bool)
    {
        let answer = rule.answer(Self.ending(in: days, threshold: threshold))
        #expect(answer == (soon ? .accuses(["/etc/linux_patch_api/certs/server.pem"]) : .clears))
    }

    @Test func `it is a risk on a healthy host and on a failing one`() {
        #expect(Self.ending(in: 3).diagnosed().ids(.risk) == ["cert-expiring-soon"])
        #expect(Self.ending(in: 3).diagnosed().verdict == .healthy)
        #expect(Self.ending(in: 3).failing(Snapshot.portInUse).diagnosed().ids(.risk) == ["cert-expiring-soon"])
    }

    @Test func `without certificates nobody can tell`() {
        #expect(rule.answer(Snapshot.healthy.with { $0.certificates = .unseen() }) == .unknown)
    }
}
