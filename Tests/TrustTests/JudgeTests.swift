import Evidence
import Issuing
import OpenSSL
import TestKit
import Testing
import Trust
import Values

@Suite struct JudgeTests {
    @Test(arguments: ["ec", "rsa", "ed25519"])
    func `good files are judged good`(kind: String) throws {
        let fact = try TestHost(certificate: "\(kind).pem", key: "\(kind).key").fact()
        for file in fact.files {
            #expect(file.exists == true)
            #expect(file.parseError == nil)
            #expect(file.readableByService.known == true)
        }
        #expect(fact.keyMatches.known == true)
        #expect(fact.chain.known?.trusted == true)
        #expect(fact.serverPurpose.known == true)
        #expect(fact.revoked.known == false)
        #expect(fact.crlSignatureValid.known == true)
        #expect(fact.coveredNames == ["patched.example.test"])
        #expect(fact.leftovers.isEmpty)
        #expect(fact.file(.crl).crl?.nextUpdate?.rfc3339 == "2036-01-01T00:00:00Z")
    }

    @Test func `each fault is seen, and only that one`() throws {
        let mismatch = try TestHost(certificate: "ec.pem", key: "rsa.key").fact()
        #expect(mismatch.keyMatches.known == false)
        #expect(mismatch.chain.known?.trusted == true)

        let untrusted = try TestHost(certificate: "foreign.pem", key: "ec.key").fact()
        #expect(untrusted.chain.known?.trusted == false)
        #expect(untrusted.keyMatches.known == true)

        let purpose = try TestHost(certificate: "client-only.pem").fact()
        #expect(purpose.serverPurpose.known == false)
        #expect(purpose.chain.known?.trusted == true)

        let expired = try TestHost(certificate: "expired.pem").fact()
        #expect(expired.file(.certificate).certificates.first?.notAfter.rfc3339 == "2021-01-01T00:00:00Z")
        #expect(expired.chain.known?.trusted == true)
    }

    @Test func `revocation counts only on the CA's own list`() throws {
        let revoked = try TestHost(certificate: "revoked.pem", crl: "crl-revoking.pem").fact()
        #expect(revoked.revoked.known == true)
        #expect(revoked.file(.crl).crl?.revokedCount == 1)
        #expect(try TestHost(crl: "crl-revoking.pem").fact().revoked.known == false)

        for stranger in ["crl-impostor.pem", "crl-stranger.pem"] {
            let fact = try TestHost(crl: stranger).fact()
            #expect(fact.crlSignatureValid.known == false)
            #expect(fact.revoked.absence?.why.contains("did not sign") == true)
        }
    }

    @Test func `without a list revocation is unknown, never denied`() throws {
        let fact = try TestHost(crl: nil).fact()
        #expect(fact.file(.crl).exists == false)
        #expect(fact.revoked.known == nil)
        #expect(fact.crlSignatureValid.absence?.why == "/etc/linux_patch_api/certs/crl.pem: no such file")
    }

    @Test func `a list in DER and one past its time are read all the same`() throws {
        #expect(try TestHost(crl: "crl.der").fact().crlSignatureValid.known == true)
        let expired = try TestHost(crl: "crl-expired.pem").fact()
        #expect(expired.file(.crl).crl?.nextUpdate?.rfc3339 == "2020-02-01T00:00:00Z")
    }

    @Test func `missing files leave what needs them unknown, with the path`() throws {
        let fact = try TestHost(ca: nil, key: nil).fact()
        #expect(fact.file(.ca).exists == false)
        #expect(fact.chain.absence?.why == "/etc/linux_patch_api/certs/ca.pem: no such file")
        #expect(fact.keyMatches.absence?.why == "/etc/linux_patch_api/certs/server.key.pem: no such file")
        #expect(fact.serverPurpose.known == true)
    }

    @Test func `an encrypted key can't be used and is not asked for`() throws {
        let fact = try TestHost(certificate: "rsa.pem", key: "encrypted.pkcs8.key").fact()
        #expect(fact.file(.key).key?.encrypted == true)
        #expect(fact.file(.key).parseError?.contains("encrypted") == true)
        #expect(fact.keyMatches.known == nil)
    }

    @Test func `an intermediate counts only where the server sends it along`() throws {
        #expect(try TestHost(certificate: "chain.pem", key: "chained.key").fact().chain.known?.trusted == true)
        let alone = try TestHost(certificate: "chained.pem", key: "chained.key").fact()
        #expect(alone.chain.known?.reason == "unable to get local issuer certificate")
    }

    @Test(arguments: [
        ("garbage.pem", "neither PEM nor DER"), ("empty.pem", "the file is empty"), ("cut.pem", "END line"),
    ])
    func `what can't be parsed says why`(name: String, words: String) throws {
        let fact = try TestHost(ca: name, certificate: name).fact()
        #expect(fact.file(.ca).parseError?.contains(words) == true)
        #expect(fact.file(.certificate).parseError?.contains(words) == true)
        #expect(fact.chain.absence?.reason == .failed)
    }

    @Test func `a file of ten megabytes is not read`() throws {
        let host = try TestHost()
        try host.directory.write(TestHost.certificates + "ca.pem", [UInt8](repeating: 65, count: 10 << 20))
        #expect(host.fact().file(.ca).parseError == "it is 10.0 MiB long, 1.0 MiB is the most that is read")
    }

    @Test func `a FIFO and a directory in a file's place stop nobody`() throws {
        let host = try TestHost(ca: nil, key: nil)
        host.directory.makeFIFO(TestHost.certificates + "ca.pem")
        host.directory.makeDirectory(TestHost.certificates + "server.key.pem")
        let fact = host.fact()
        #expect(fact.file(.ca).parseError == "it is a FIFO or a device, not a file")
        #expect(fact.file(.key).parseError == "it is a directory, not a file")
    }

    @Test func `links are followed inside the host's root and noted`() throws {
        let host = try TestHost(certificate: nil)
        try host.directory.write("srv/real.pem", TestCertificates.bytes("ec.pem"))
        host.directory.link(TestHost.certificates + "server.pem", to: "/srv/real.pem")
        let file = host.fact().file(.certificate)
        #expect(file.exists == true)
        #expect(file.file.known?.linkTarget == "/srv/real.pem")
        #expect(file.certificates.count == 1)

        host.directory.remove("srv/real.pem")
        let dangling = host.fact().file(.certificate).file.known
        #expect(dangling?.exists == false)
        #expect(dangling?.linkTarget == "/srv/real.pem")
    }

    @Test func `a link in a circle ends`() throws {
        let host = try TestHost(ca: nil)
        host.directory.link(TestHost.certificates + "ca.pem", to: "ca.pem")
        #expect(host.fact().file(.ca).file.absence?.why == "too many levels of symbolic links")
    }

    @Test func `half a provisioning shows by what it left`() throws {
        let host = try TestHost()
        try host.directory.write(TestHost.certificates + "server.tmp", "half")
        try host.directory.write(TestHost.certificates + "ca.pem.bak", "old")
        #expect(
            host.fact().leftovers.map(\.path) == [
                "/etc/linux_patch_api/certs/ca.pem.bak", "/etc/linux_patch_api/certs/server.tmp",
            ])
    }

    @Test func `the other name of the key counts where only that exists`() throws {
        let host = try TestHost(key: nil)
        try host.install("ec.key", as: "server.key", mode: 0o600)
        #expect(host.fact().file(.key).path == "/etc/linux_patch_api/certs/server.key")
        #expect(host.fact().keyMatches.known == true)
    }
}

/// What of the files may be kept.
@Suite struct KeptMaterialTests {
    private func kept(_ reading: CertificateReading, _ path: String) throws -> RawItem {
        try #require(reading.kept.first { $0.path == path })
    }

    @Test func `certificates are kept byte for byte, of the key only a description`() throws {
        let reading = try TestHost(certificate: "chain.pem", key: "chained.key").look()
        #expect(try kept(reading, "certs/server.pem").content == TestCertificates.bytes("chain.pem"))
        #expect(try kept(reading, "certs/ca.pem").content == TestCertificates.bytes("root.pem"))
        #expect(try kept(reading, "certs/crl.pem").content == TestCertificates.bytes("crl.pem"))
        let text = String(decoding: try kept(reading, "certs/key.txt").content, as: UTF8.self)
        #expect(text.contains("algorithm: EC\nbits: 256\n"))
        #expect(text.contains("mode: 0600\n"))
        let fingerprint = try #require(reading.fact.file(.certificate).certificates.first?.publicKeyFingerprint)
        #expect(text.contains("public half: \(fingerprint.labelled)\n"))
    }

    @Test(arguments: ["with-key.pem", "mislabelled.pem", "ec.key", "rsa.der.key", "rsa.pkcs1.key", "ec.sec1.key"])
    func `a private key in a certificate's place is never kept, whatever its label`(name: String) throws {
        let reading = try TestHost(ca: name, certificate: name, crl: name).look()
        let secret = try Set(
            TestCertificates.bytes(name.hasPrefix("rsa") ? name : "ec.key").split(separator: 10).map(Array.init))
        for item in reading.kept {
            let lines = item.content.split(separator: 10).map(Array.init).filter { !$0.starts(with: "-----".utf8) }
            #expect(secret.isDisjoint(with: lines), "\(item.path)")
            #expect(!item.redactions.isEmpty, "\(item.path)")
        }
        #expect(reading.kept.count == 4)
    }
}

/// What an answer of the manager has to be before it may replace anything.
@Suite struct CandidateTests {
    private let now = TestPKI.now

    private func status(_ host: TestHost) -> CertificateStatus {
        host.fact().status(at: now, renewingWithin: .seconds(7 * TestPKI.day))
    }

    @Test func `a CA's own certificate is no server's`() throws {
        #expect(try status(TestHost(certificate: "authority-leaf.pem", key: "authority-leaf.key")) == .wrongPurpose)
    }

    @Test func `a certificate for somebody else can be used, with a warning`() throws {
        let host = try TestHost(certificate: "elsewhere.pem", key: "elsewhere.key")
        #expect(status(host) == .valid)
        let warning = try #require(host.fact().nameWarning)
        #expect(warning.contains("is for DNS:elsewhere.example.test, not for patched.example.test"))
        #expect(try TestHost().fact().nameWarning == nil)
        // The manager calls by address, so that a name alone is not enough.
        let called = try TestHost(certificate: "elsewhere.pem", key: "elsewhere.key")
            .look(hostNames: ["elsewhere.example.test", "192.0.2.10"]).fact
        #expect(called.nameWarning?.contains("not for 192.0.2.10:") == true)
        let named = try TestHost().look(hostNames: ["other.test", "192.0.2.10"]).fact
        #expect(named.nameWarning == nil)
    }

    @Test func `the CA that counts is the one that signed`() throws {
        let host = try TestHost(ca: nil, certificate: nil, key: nil, crl: nil)
        let (old, new) = (
            try TestPKI(from: now + .seconds(-100 * TestPKI.day), days: 50), try TestPKI()
        )
        let key = try PrivateKey.generate()
        func install(_ authorities: [TestPKI], signer: TestPKI) throws {
            let directory = TestHost.certificates
            try host.directory.write(directory + "ca.pem", authorities.flatMap(\.authority.certificatePEM))
            let pem = try signer.authority.issue(TestPKI.profile(.server), for: key)
            try host.directory.write(directory + "server.pem", pem)
            try host.directory.write(directory + "server.key.pem", key.pem, mode: 0o600)
        }
        for authorities in [[old, new], [new, old]] {
            try install(authorities, signer: new)
            #expect(status(host) == .valid)
            try install(authorities, signer: old)
            guard case .expired(let path, _) = status(host) else {
                Issue.record("an expired CA was passed over: \(status(host))")
                continue
            }
            #expect(path.hasSuffix("ca.pem"))
        }
    }
}
