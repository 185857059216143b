import Issuing
import OpenSSL
import TestKit
import Testing
import Values

/// The development manager's CA against the `openssl` program.
@Suite struct AuthorityTests {
    private let now = WallTime(rfc3339: "2026-11-23T12:00:00Z") ?? WallTime(microseconds: 0)
    private let files: TemporaryDirectory

    init() throws { files = try TemporaryDirectory() }

    private func openssl(_ arguments: String...) throws -> String {
        try ChildProcess.output(of: ["openssl"] + arguments)
    }

    private func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        try files.write(name, bytes)
        return files.path + "/" + name
    }

    private func leaf(_ pem: [UInt8]) throws -> Certificate {
        try #require(CertificateBundle(pem).certificates.first)
    }

    @Test func `a CA and its certificates are good for openssl`() throws {
        let authority = try Authority.make(now: now)
        let ca = try write("ca.pem", authority.certificatePEM)
        let key = try PrivateKey.generate()
        let profile = CertificateProfile.agent(fqdn: "web1.example.test", address: IPAddress("192.0.2.7"), now: now)
        let server = try write("server.pem", authority.issue(profile, for: key))
        let time = "\(now.seconds)"
        #expect(
            try openssl(
                "verify", "-x509_strict", "-attime", time, "-CAfile", ca, "-purpose", "sslserver", "-verify_ip",
                "192.0.2.7", server) == "\(server): OK\n")
        _ = try openssl(
            "verify", "-attime", time, "-CAfile", ca, "-verify_hostname", "web1.example.test", server)
        let own = try leaf(authority.certificatePEM)
        #expect(own.subject == "CN=Patch Manager Root CA,O=Patch Manager")
        #expect(own.keyUsage == ["keyCertSign", "cRLSign"])
        #expect(own.isCA)
    }

    @Test func `a server's certificate has the manager's profile`() throws {
        let authority = try Authority.make(now: now)
        let key = try PrivateKey.generate()
        let profile = CertificateProfile.agent(fqdn: "web1.example.test", address: IPAddress("2001:db8::1"), now: now)
        let one = try leaf(authority.issue(profile, for: key))
        #expect(one.subject == "CN=web1.example.test-server")
        #expect(one.names == ["DNS:web1.example.test", "IP:2001:db8::1"])
        #expect(one.keyUsage == ["digitalSignature"])
        #expect(one.extendedKeyUsage == ["serverAuth"])
        #expect(!one.isCA && one.allowsServer && !one.allowsClient)
        #expect(one.notBefore == now)
        #expect(one.notAfter - one.notBefore == .seconds(365 * 86400))
        #expect(key.matches(one))
        #expect(try !PrivateKey.generate().matches(one))
        // 16 random bytes.
        let serials = try Set((0..<20).map { _ in try leaf(authority.issue(profile, for: key)).serial })
        #expect(serials.count == 20)
        #expect(serials.allSatisfy { $0.count <= 34 && $0.count >= 24 })
    }

    @Test func `bad certificates are made on request`() throws {
        let authority = try Authority.make(now: now)
        var profile = CertificateProfile(.server, commonName: "x", notBefore: now, notAfter: now)
        profile.isCA = true
        #expect(try leaf(authority.issue(profile, for: .generate())).isCA)
        #expect(try !leaf(authority.issue(profile, for: .generate())).allowsServer)
        profile.isCA = false
        profile.hasExtendedKeyUsage = false
        let plain = try leaf(authority.issue(profile, for: .generate()))
        #expect(plain.extendedKeyUsage.isEmpty && plain.names.isEmpty)
        // Beyond 2050 a date has another form (RFC 5280 §4.1.2.5).
        profile.notBefore = WallTime(seconds: -86400)
        profile.notAfter = try #require(WallTime(rfc3339: "2120-01-01T00:00:00Z"))
        let long = try leaf(authority.issue(profile, for: .generate()))
        #expect((long.notBefore, long.notAfter) == (profile.notBefore, profile.notAfter))
    }

    @Test func `a CA is taken up again only with its own key`() throws {
        let (one, other) = (try Authority.make(now: now), try Authority.make(now: now))
        let again = try Authority(certificatePEM: one.certificatePEM, keyPEM: one.keyPEM)
        #expect(again.certificate == one.certificate)
        #expect(throws: OpenSSLError.self) {
            try Authority(certificatePEM: one.certificatePEM, keyPEM: other.keyPEM)
        }
        #expect(throws: OpenSSLError.self) { try Authority(certificatePEM: one.keyPEM, keyPEM: one.keyPEM) }
    }

    @Test func `a revocation list is good for openssl and keeps the revoked out`() throws {
        let authority = try Authority.make(now: now)
        let ca = try write("ca.pem", authority.certificatePEM)
        let profile = CertificateProfile.agent(fqdn: "web1.example.test", address: nil, now: now)
        let (good, bad) = try (
            leaf(authority.issue(profile, for: .generate())), leaf(authority.issue(profile, for: .generate()))
        )
        let list = try authority.revocationList(
            revoked: [(bad.serial, now)], thisUpdate: now, nextUpdate: now + .seconds(86400), number: 1_795_000_000)
        let crl = try write("crl.pem", list)
        let text = try openssl("crl", "-in", crl, "-noout", "-text", "-verify", "-CAfile", ca)
        #expect(text.contains("verify OK"))
        #expect(text.contains("X509v3 Authority Key Identifier"))
        #expect(text.contains("1795000000"))
        #expect(text.contains("Serial Number: \(bad.serial)"))
        for (one, answer) in [(good, Int32(0)), (bad, 2)] {
            let path = try write("one.pem", one.pem)
            let child = try ChildProcess([
                "openssl", "verify", "-attime", "\(now.seconds)", "-crl_check", "-CRLfile", crl, "-CAfile", ca, path,
            ])
            #expect(child.wait() == answer)
        }
        let read = try RevocationList(list)
        #expect(read.revokes(bad) && !read.revokes(good) && read.isComplete && read.revokedCount == 1)
        #expect((read.thisUpdate, read.nextUpdate) == (now, now + .seconds(86400)))
        let empty = try authority.revocationList(revoked: [], thisUpdate: now, nextUpdate: now, number: 0)
        #expect(try RevocationList(empty).isSigned(by: authority.certificate))
        for serial in ["", "0x12", "zz", String(repeating: "1", count: 41)] {
            #expect(throws: OpenSSLError.self) {
                try authority.revocationList(revoked: [(serial, now)], thisUpdate: now, nextUpdate: now, number: 0)
            }
        }
    }

    @Test func `a request is good for openssl, and is answered for its key`() throws {
        let key = try PrivateKey.generate()
        let addresses = [IPAddress("192.0.2.7"), IPAddress("2001:db8::7")].compactMap(\.self)
        let pem = try SigningRequest.pem(
            for: key, commonName: "web1.example.test", dnsNames: ["web1.example.test", "web1"], addresses: addresses)
        let text = try openssl("req", "-in", write("one.csr", pem), "-verify", "-noout", "-text")
        #expect(text.contains("verify OK"))
        #expect(text.contains("Subject: CN = web1.example.test"))
        #expect(text.contains("DNS:web1.example.test, DNS:web1, IP Address:192.0.2.7, IP Address:2001:DB8:0:0:0:0:0:7"))
        #expect(text.contains("TLS Web Server Authentication"))

        let authority = try Authority.make(now: now)
        let profile = CertificateProfile.agent(fqdn: "web1.example.test", address: addresses.first, now: now)
        #expect(try key.matches(leaf(authority.issue(profile, forRequest: pem))))
        // A request that its key did not sign proves nothing.
        var changed = String(decoding: pem, as: UTF8.self).split(separator: "\n").map(Array.init)
        changed[2][5] = changed[2][5] == "A" ? "B" : "A"
        let forged = Array(changed.map { String($0) }.joined(separator: "\n").utf8)
        for bad in [forged, [], Array("-----BEGIN CERTIFICATE REQUEST-----\n".utf8), authority.certificatePEM] {
            #expect(throws: OpenSSLError.self) { try authority.issue(profile, forRequest: bad) }
        }
    }

    @Test func `no name smuggles another one in`() throws {
        let key = try PrivateKey.generate()
        for name in ["a,DNS:evil.test", "a\nb", "a\u{0}b", "Zoë.test", "", String(repeating: "a", count: 256)] {
            #expect(throws: OpenSSLError.self) {
                try SigningRequest.pem(for: key, commonName: "x", dnsNames: [name], addresses: [])
            }
        }
        // The common name is nobody's to verify: it is cut to what a certificate may hold.
        let long = String(repeating: "long.", count: 40) + "test"
        let pem = try SigningRequest.pem(for: key, commonName: long, dnsNames: [long], addresses: [])
        #expect(try openssl("req", "-in", write("one.csr", pem), "-verify", "-noout", "-text").contains("DNS:\(long)"))
    }
}

@Suite struct PrivateKeyTests {
    @Test func `a key comes back from its file, and openssl reads it`() throws {
        let key = try PrivateKey.generate()
        let text = String(decoding: key.pem, as: UTF8.self)
        #expect(text.hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
        #expect(try PrivateKey(pem: key.pem).publicKey == key.publicKey)
        let files = try TemporaryDirectory()
        try files.write("key.pem", key.pem, mode: 0o600)
        let words = try ChildProcess.output(of: [
            "openssl", "pkey", "-in", files.path + "/key.pem", "-check", "-noout", "-text",
        ])
        #expect(words.contains("Key is valid"))
        #expect(words.contains("NIST CURVE: P-256"))
        #expect(try PrivateKey.generate().publicKey != key.publicKey)
    }

    @Test(arguments: ["rsa.key", "ec.key", "ed25519.key", "rsa.pkcs1.key", "ec.sec1.key"])
    func `keys of all kinds are read`(name: String) throws {
        var bytes = try TestCertificates.bytes(name)
        let key = try PrivateKey(pem: bytes)
        let description = try KeyDescription(consuming: &bytes)
        #expect(key.publicKey == description.publicKey)
    }

    @Test(arguments: ["encrypted.pkcs8.key", "encrypted.pkcs1.key", "ec.pem", "garbage.pem", "empty.pem"])
    func `what can't be used is refused, and nobody is asked for a passphrase`(name: String) throws {
        let bytes = try TestCertificates.bytes(name)
        #expect(throws: OpenSSLError.self) { try PrivateKey(pem: bytes) }
    }

    @Test func `a key is never printed`() throws {
        let key = try PrivateKey.generate()
        var dumped = ""
        dump(key, to: &dumped)
        #expect("\(key)" == "private key with the public half \(key.publicKeyFingerprint.labelled)")
        let lines = String(decoding: key.pem, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("-") }
        for text in [dumped, String(reflecting: key)] { #expect(lines.allSatisfy { !text.contains($0) }) }
    }
}
