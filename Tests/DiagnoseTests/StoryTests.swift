@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

/// Which part each fault plays.
@Suite struct StoryTests {
    @Test func `a healthy host has no findings`() {
        let diagnosis = Snapshot.healthy.diagnosed()
        #expect(diagnosis.findings.isEmpty)
        #expect(diagnosis.undecided.isEmpty)
        #expect(diagnosis.verdict == .healthy)
    }

    @Test func `the incident has two causes in time, and both are named`() throws {
        let diagnosis = Snapshot.incident.diagnosed()
        #expect(diagnosis.verdict == .unhealthy)
        #expect(diagnosis.ids(.root) == ["port-held-by-enrollment"])
        #expect(diagnosis.ids(.origin) == ["cert-missing"])
        let root = try #require(diagnosis.findings(.root).first)
        #expect(root.confidence == .conclusive && root.subject == "pid 1218")
        let origin = try #require(diagnosis.findings(.origin).first)
        #expect(origin.confidence == .conclusive && origin.subject == "/etc/linux_patch_api/certs/ca.pem")
        #expect(diagnosis.ruledOut.contains { $0.id == "port-blocked-by-time-wait" })
        #expect(diagnosis.ruledOut.contains { $0.id == "cert-expired" })
        #expect(!diagnosis.ruledOut.contains { $0.id == "cert-missing" }, "the origin is no suspect that was cleared")
    }

    @Test func `an origin is a lower bound where the journal begins later`() {
        let host = Snapshot.incident.with { $0.journal.edit { $0.restarts.total = 900 } }
        #expect(host.diagnosed().findings(.origin).first?.confidence == .probable)
    }

    @Test func `after the enrollment has ended the next look names what remains`() {
        let host = Snapshot.incident.with { host in
            host.port.edit { $0.listeners = [] }
            host.processes.edit { $0.remove(1218) }
            host.certificates.edit { $0.edit(.certificate) { $0.certificates[0].notAfter = .daysFromNow(-1) } }
        }
        let diagnosis = host.diagnosed()
        #expect(diagnosis.ids(.root) == ["cert-expired"])
        #expect(!diagnosis.findings.contains { $0.id.hasPrefix("port-held") })
    }

    @Test func `a bundle is judged by its own time, whatever year it is opened in`() {
        let host = Snapshot.healthy.with { host in
            host.observer.finished = .at("1999-06-01T00:00:00Z")
            host.certificates.edit { certificates in
                for role in [CertificateFile.Role.ca, .certificate] {
                    certificates.edit(role) { file in
                        file.certificates[0].notBefore = .at("1999-01-01T00:00:00Z")
                        file.certificates[0].notAfter = .at("1999-12-31T00:00:00Z")
                    }
                }
                certificates.edit(.crl) {
                    $0.crl?.thisUpdate = .at("1999-05-31T00:00:00Z")
                    $0.crl?.nextUpdate = .at("1999-06-07T00:00:00Z")
                }
            }
            host.served = .seen(
                ServedCertificateFact(
                    address: "127.0.0.1:12443", handshake: true,
                    certificate: host.certificates.known?[.certificate]?.certificates.first))
        }
        #expect(host.diagnosed().verdict == .healthy)
        #expect(host.diagnosed().findings.isEmpty)
        let later = host.with { $0.observer.finished = .at("2000-01-01T00:00:00Z") }
        #expect(Set(later.diagnosed().ids(.root)) == ["cert-expired"])
    }

    @Test func `an old crash loop that is long over is no finding`() {
        let host = Snapshot.healthy.with { host in
            host.journal.edit { $0.earlierEpochs = [.failing(Snapshot.portInUse, count: 4_000)] }
        }
        #expect(host.diagnosed().findings.isEmpty)
        #expect(host.diagnosed().verdict == .healthy)
    }

    @Test func `a port that was once in use by nobody knows whom is not laid at an innocent's door`() {
        let host = Snapshot.healthy.failing("Certs Expired: /x.pem").with { host in
            host.certificates.edit { $0.edit(.certificate) { $0.certificates[0].notAfter = .daysFromNow(-1) } }
            host.journal.edit { $0.epochs.insert(.failing(Snapshot.portInUse, from: "2026-05-28T17:00:00Z"), at: 0) }
        }
        #expect(host.diagnosed().ids(.root) == ["cert-expired"])
        #expect(!host.diagnosed().findings.contains { $0.id.hasPrefix("port-") })
    }

    @Test func `two holders of two addresses are two roots`() {
        let nginx = PortHeldByForeignProcessRuleTests.nginx
        let host = Snapshot.incident.with { host in
            host.port.edit {
                $0.listeners = [.on("127.0.0.1", heldBy: .enrollment()), .on("192.168.3.41", heldBy: nginx)]
            }
            host.processes.edit { $0.processes.append(nginx) }
        }
        #expect(host.diagnosed().ids(.root) == ["port-held-by-enrollment", "port-held-by-foreign-process"])
    }

    @Test func `a stale TIME_WAIT beside a live holder is ruled out with its count`() {
        let host = Snapshot.incident.with { $0.port.edit { $0.otherStates = ["TIME_WAIT": 2] } }
        #expect(host.diagnosed().ids(.root) == ["port-held-by-enrollment"])
    }

    @Test func `a service in the middle of one more attempt still fails`() {
        let host = CertExpiredRuleTests.expire(.certificate).with { host in
            host.unit.edit { $0.looks = [.running(.service(98_200)), .running(.service(98_200))] }
        }
        #expect(host.diagnosed().ids(.root) == ["cert-expired"])
    }

    @Test func `an ordinary user is not misled by a file that the running agent does not serve`() {
        let host = CertExpiredRuleTests.expire(.certificate, on: .healthy).seenByOrdinaryUser().with { host in
            host.certificates.edit { $0.edit(.certificate) { $0.certificates[0].fingerprint = .standingFor("newer") } }
        }
        #expect(host.diagnosed().ids(.root) == [])
        #expect(host.diagnosed().ids(.risk) == ["cert-expired", "served-cert-stale"])
    }

    @Test func `an ordinary user is not misled by a failure that the service has just overcome`() {
        let host = Snapshot.healthy.seenByOrdinaryUser().with {
            $0.journal.edit { $0.epochs = [.failing(Snapshot.portInUse)] }
        }
        #expect(host.diagnosed().findings.isEmpty)
        #expect(host.diagnosed().verdict == .undetermined)
    }

    @Test func `where systemd can't be asked an agent is not called a stray, and a holder is only probable`() {
        let elsewhere = ProcessFact.strayAgent(812)
        let host = Snapshot.healthy.with { host in
            host.unit = .unseen("state of linux-patch-api.service", .notAvailable, why: "no system bus")
            host.port.edit { $0.listeners = [.on("0.0.0.0", heldBy: elsewhere)] }
            host.processes.edit { $0.processes = [.systemd, elsewhere] }
        }
        #expect(host.diagnosed().findings.isEmpty)
        #expect(host.diagnosed().verdict == .undetermined)
        #expect(host.seenByOrdinaryUser().diagnosed().findings.isEmpty)
        let incident = Snapshot.incident.with { $0.unit = .unseen("unit", .notAvailable, why: "no system bus") }
        #expect(incident.diagnosed()["port-held-by-enrollment"]?.confidence == .probable)
    }

    @Test func `a host that nobody could look at is undetermined`() {
        let blank = Snapshot(target: Snapshot.healthy.target, observer: Snapshot.healthy.observer)
        #expect(blank.diagnosed().verdict == .undetermined)
        #expect(blank.diagnosed().findings.isEmpty)
    }

    @Test func `hostile words from the host stay harmless`() {
        let host = Snapshot.incident.with { host in
            host.processes.edit { $0.edit(1218) { $0.arguments = ["x\u{1b}[2J", "--enroll\n"] } }
            host.processes.edit { $0.edit(1218) { $0.name = "a\u{202e}b" } }
            host.journal.edit { $0.epochs[0].sample = "TLS CA certificate not found: /x\u{1b}]0;y\u{7}" }
        }
        for finding in host.diagnosed().findings {
            let words = finding.summary + finding.facts.map(\.value).joined() + finding.subject
            #expect(words == words.harmless(limit: .max), "\(finding.id): \(words.harmless())")
        }
    }
}
