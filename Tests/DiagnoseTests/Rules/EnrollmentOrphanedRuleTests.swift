@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct EnrollmentOrphanedRuleTests {
    let rule = EnrollmentOrphanedRule()
    let host = Snapshot.healthy.with { $0.processes.edit { $0.processes.append(.enrollment()) } }

    @Test func `an enrollment that holds no port is a risk and no more`() {
        let diagnosis = host.diagnosed()
        #expect(diagnosis.ids(.risk) == ["enrollment-orphaned"])
        #expect(diagnosis.verdict == .healthy)
    }

    @Test func `beside an expired certificate it is innocent`() {
        let host = Snapshot.healthy.failing("Certs Expired: /etc/linux_patch_api/certs/server.pem (not_after=…)").with {
            $0.processes.edit { $0.processes.append(.enrollment()) }
            $0.certificates.edit { $0.edit(.certificate) { $0.certificates[0].notAfter = .daysFromNow(-2) } }
        }
        #expect(host.diagnosed().ids(.root) == ["cert-expired"])
        #expect(host.diagnosed().ids(.risk) == ["enrollment-orphaned"])
    }

    @Test func `one that holds the port is another rule's`() {
        #expect(rule.answer(.incident) == .clears)
    }

    @Test func `sudo and the shell that carry its words are no enrollment`() {
        #expect(rule.answer(Snapshot.incident.with { $0.processes.edit { $0.remove(1218) } }) == .clears)
    }

    @Test func `one in the unit, a zombie or one of another network is not meant`() {
        for change: (inout ProcessFact) -> Void in [
            { $0.unit = "linux-patch-api.service" }, { $0.state = "Z" }, { $0.networkNamespace = 7 },
        ] {
            #expect(rule.answer(host.with { $0.processes.edit { $0.edit(1218, change) } }) == .clears)
        }
    }

    @Test func `where a listener's holder is hidden it may hold the port after all`() {
        #expect(rule.answer(Snapshot.incident.seenByOrdinaryUser()) == .unknown)
    }

    @Test func `without processes nobody can tell`() {
        #expect(rule.answer(host.with { $0.processes = .unseen() }) == .unknown)
    }
}
