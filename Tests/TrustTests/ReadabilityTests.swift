import Evidence
import TestKit
import Testing
import Trust
import Values

@Suite struct ReadabilityTests {
    private static let key = TestHost.certificates + "server.key.pem"

    @Test func `root reads everything`() throws {
        #expect(try TestHost().fact().file(.key).readableByService.known == true)
    }

    @Test func `the service's user is stopped by the file's mode`() throws {
        let host = try TestHost()
        let file = host.fact(as: "agent").file(.key)
        #expect(file.readableByService.known == false)
        #expect(file.blockedAt == "/etc/linux_patch_api/certs/server.key.pem")
        #expect(host.fact(as: "agent").file(.certificate).readableByService.known == true)
    }

    @Test func `the first class that fits decides, as in the kernel`() throws {
        let host = try TestHost()
        host.directory.setOwner(Self.key, 777, 0)
        host.directory.setMode(Self.key, 0o044)
        #expect(host.fact(as: "agent").file(.key).readableByService.known == false)
        #expect(host.fact(as: "other").file(.key).readableByService.known == true)
    }

    @Test func `a supplementary group from the host's group file opens it`() throws {
        let host = try TestHost()
        host.directory.setOwner(Self.key, 0, 800)
        host.directory.setMode(Self.key, 0o640)
        #expect(host.fact(as: "agent").file(.key).readableByService.known == true)
        #expect(host.fact(as: "other").file(.key).readableByService.known == false)
    }

    @Test func `a directory that may not be searched is named`() throws {
        let host = try TestHost()
        host.directory.setMode("etc/linux_patch_api", 0o750)
        let file = host.fact(as: "agent").file(.certificate)
        #expect(file.readableByService.known == false)
        #expect(file.blockedAt == "/etc/linux_patch_api")
    }

    @Test func `a user that the host does not know leaves it unknown`() throws {
        let file = try TestHost().fact(as: "nobody-here").file(.key)
        #expect(file.readableByService.absence?.why == "user nobody-here: it is not in /etc/passwd")
    }
}

@Suite struct CoveredNamesTests {
    private func certificate(_ names: String...) -> X509Fact {
        X509Fact(
            subject: "CN=ignored.example.test", issuer: "", serial: "", notBefore: WallTime(seconds: 0),
            notAfter: WallTime(seconds: 0), names: names, isCA: false, keyUsage: [], extendedKeyUsage: [],
            keyAlgorithm: "EC", keyBits: 256, fingerprint: Digest(bytes: []), publicKeyFingerprint: Digest(bytes: []))
    }

    @Test(arguments: [
        ("DNS:host.example.test", "host.example.test", true), ("DNS:HOST.example.test", "host.Example.test.", true),
        ("DNS:*.example.test", "host.example.test", true), ("DNS:*.example.test", "example.test", false),
        ("DNS:*.example.test", "a.host.example.test", false), ("DNS:*.test", "example.test", false),
        ("DNS:h*.example.test", "host.example.test", false), ("DNS:*", "host", false),
        ("DNS:host.*.test", "host.example.test", false), ("DNS:192.0.2.1", "192.0.2.1", false),
        ("IP:192.0.2.1", "192.0.2.1", true), ("IP:192.0.2.1", "192.0.2.10", false),
        ("IP:2001:db8::1", "2001:0db8:0:0::1", true), ("IP:192.0.2.1", "::ffff:192.0.2.1", true),
        ("DNS:", "", false), ("email:host.example.test", "host.example.test", false),
    ])
    func `names are covered as RFC 6125 has it`(name: String, host: String, covered: Bool) {
        #expect(certificate(name).covers(host) == covered)
    }

    @Test func `the common name is no name`() { #expect(!certificate().covers("ignored.example.test")) }

    @Test func `a wildcard and an address from a real certificate`() throws {
        let names = ["a.example.test", "example.test", "192.0.2.10", "192.0.2.11"]
        let fact = try TestHost(certificate: "wildcard.pem", key: "wildcard.key").look(hostNames: names).fact
        #expect(fact.coveredNames == ["a.example.test", "192.0.2.10"])
    }
}

@Suite struct CertificateStatusTests {
    private static let now = WallTime(rfc3339: "2026-11-23T12:00:00Z") ?? WallTime(seconds: 0)

    private func status(
        _ host: TestHost, at now: WallTime = Self.now, days: Int64 = 7, as user: String = "root"
    ) -> CertificateStatus {
        host.fact(as: user).status(at: now, renewingWithin: .seconds(days * 86400))
    }

    @Test func `a start-up is told the first thing that is wrong`() throws {
        #expect(try status(TestHost()) == .valid)
        #expect(
            try status(TestHost(ca: nil, key: nil))
                == .missing([
                    "/etc/linux_patch_api/certs/ca.pem", "/etc/linux_patch_api/certs/server.key.pem",
                ]))
        #expect(try status(TestHost(key: "rsa.key")) == .keyMismatch)
        #expect(try status(TestHost(certificate: "client-only.pem")) == .wrongPurpose)
        #expect(try status(TestHost(certificate: "revoked.pem", crl: "crl-revoking.pem")) == .revoked)
        guard case .untrusted = try status(TestHost(certificate: "foreign.pem")) else {
            Issue.record("a certificate of another CA is not trusted")
            return
        }
        guard case .corrupt(let path, _) = try status(TestHost(ca: "garbage.pem")) else {
            Issue.record("garbage is corrupt")
            return
        }
        #expect(path == "/etc/linux_patch_api/certs/ca.pem")
        guard case .unreadable = try status(TestHost(), as: "agent") else {
            Issue.record("a key that the service may not read is unreadable")
            return
        }
    }

    @Test func `dates are judged against the clock that is given`() throws {
        #expect(
            try status(TestHost(certificate: "expired.pem")).description.hasPrefix(
                "Expired: /etc/linux_patch_api/certs/server.pem"))
        #expect(try status(TestHost(certificate: "future.pem")).description.hasPrefix("NotYetValid"))
        let end = try #require(WallTime(rfc3339: "2036-01-01T00:00:00Z"))
        #expect(try status(TestHost(), at: end + .seconds(-8 * 86400)) == .valid)
        #expect(try status(TestHost(), at: end + .seconds(-6 * 86400)) == .expiringSoon(notAfter: end))
        #expect(try status(TestHost(), at: end + .seconds(1)).isUsable == false)
    }

    @Test func `a list is no condition of a start`() throws { #expect(try status(TestHost(crl: nil)) == .valid) }
}
