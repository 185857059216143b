@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct CertExpiredRuleTests {
    let rule = CertExpiredRule()
    static let path = "/etc/linux_patch_api/certs/server.pem"
    static let words = "Certs Expired: \(path) (not_after=2026-05-26). No enrollment URL configured."

    static func expire(_ role: CertificateFile.Role, on host: Snapshot = Snapshot.healthy.failing(words)) -> Snapshot {
        host.with { host in
            host.certificates.edit { $0.edit(role) { $0.certificates[0].notAfter = .daysFromNow(-2) } }
        }
    }

    @Test(arguments: [CertificateFile.Role.certificate, .ca])
    func `an expired certificate is the root of a service that fails on it`(role: CertificateFile.Role) throws {
        let root = try #require(Self.expire(role).diagnosed().findings(.root).first)
        #expect(root.id == "cert-expired")
        #expect(root.summary.contains("expired 2 d ago"))
        #expect(root.facts.contains { $0.value.contains("clock synchronised") })
    }

    @Test func `a day before it is not`() {
        let host = Snapshot.healthy.with {
            $0.certificates.edit { $0.edit(.certificate) { $0.certificates[0].notAfter = .daysFromNow(1) } }
        }
        #expect(rule.answer(host) == .clears)
    }

    @Test func `expired in the file and not in the running agent is a risk, no outage`() {
        let host = Self.expire(.certificate, on: .healthy).with { host in
            host.certificates.edit { $0.edit(.certificate) { $0.certificates[0].fingerprint = .standingFor("older") } }
        }
        let diagnosis = host.diagnosed()
        #expect(diagnosis.ids(.root) == [])
        #expect(diagnosis.ids(.risk) == ["cert-expired", "served-cert-stale"])
    }

    @Test func `expired in the running agent is an outage although it runs`() {
        let host = Self.expire(.certificate, on: .healthy).with {
            $0.served.edit { $0.certificate?.notAfter = .daysFromNow(-2) }
        }
        #expect(host.diagnosed().ids(.root) == ["cert-expired"])
    }

    @Test func `of a CA bundle one good issuer is enough`() {
        let host = Self.expire(.ca).with { host in
            host.certificates.edit { $0.edit(.ca) { $0.certificates.append(.authority) } }
        }
        #expect(rule.answer(host) == .clears)
    }

    @Test func `an expired stranger in the CA bundle harms nobody`() {
        var stranger = X509Fact.authority
        stranger.subject = "CN=Old CA"
        stranger.notAfter = .daysFromNow(-900)
        let host = Snapshot.healthy.with { host in
            host.certificates.edit { $0.edit(.ca) { $0.certificates.insert(stranger, at: 0) } }
        }
        #expect(rule.answer(host) == .clears)
    }

    @Test func `an expired intermediate in the server's file counts`() {
        var middle = X509Fact.authority
        middle.subject = "CN=Middle"
        middle.notAfter = .daysFromNow(-1)
        let host = Snapshot.healthy.with { host in
            host.certificates.edit { $0.edit(.certificate) { $0.certificates.append(middle) } }
        }
        #expect(rule.answer(host) == .accuses([Self.path]))
    }

    @Test func `beside another program on the port both are named, each with its role`() {
        let nginx = PortHeldByForeignProcessRuleTests.nginx
        func host(_ words: String) -> Snapshot {
            Self.expire(.certificate, on: Snapshot.healthy.failing(words)).with { host in
                host.port.edit { $0.listeners = [.on("0.0.0.0", heldBy: nginx)] }
                host.processes.edit { $0.processes.append(nginx) }
            }
        }
        let atPort = host(Snapshot.portInUse).diagnosed()
        #expect(atPort.ids(.root) == ["port-held-by-foreign-process"])
        #expect(atPort.ids(.contributing) == ["cert-expired"])
        let atCertificate = host(Self.words).diagnosed()
        #expect(atCertificate.ids(.root) == ["cert-expired"])
        #expect(atCertificate.ids(.contributing) == ["port-held-by-foreign-process"])
        let silent = host(Self.words).with { $0.journal = .unseen() }.diagnosed()
        #expect(silent.ids(.root) == ["cert-expired"], "without words, what a start-up meets first")
    }

    @Test func `an ordinary user who can't read the file still hears the failure's own words`() {
        let diagnosis = Self.expire(.certificate).with { $0.certificates = .unseen("certificates") }.diagnosed()
        #expect(diagnosis.ids(.root) == ["cert-expired"])
        #expect(diagnosis["cert-expired"]?.confidence == .probable)
    }

    @Test func `without certificates nobody can tell`() {
        #expect(rule.answer(Snapshot.healthy.with { $0.certificates = .unseen() }) == .unknown)
    }
}
