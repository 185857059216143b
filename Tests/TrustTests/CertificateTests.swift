import OpenSSL
import TestKit
import Testing
import Values

@Suite struct CertificateTests {
    private func certificate(_ name: String) throws -> Certificate {
        try #require(CertificateBundle(TestCertificates.bytes(name)).certificates.first)
    }

    /// What the `openssl` program prints for one field, without its `name=`.
    private func openssl(_ name: String, _ option: String...) throws -> String {
        let arguments = ["openssl", "x509", "-in", try TestCertificates.path(name), "-noout"] + option
        let line = try ChildProcess.output(of: arguments).split(separator: "\n").last ?? ""
        return String(line.drop { $0 != "=" }.dropFirst())
    }

    @Test(arguments: ["rsa.pem", "ec.pem", "ed25519.pem", "root.pem", "unnamed.pem"])
    func `a certificate is read as openssl reads it`(name: String) throws {
        let one = try certificate(name)
        #expect(try one.serial == openssl(name, "-serial"))
        #expect(try one.subject == openssl(name, "-subject", "-nameopt", "RFC2253,-esc_msb"))
        #expect(try one.issuer == openssl(name, "-issuer", "-nameopt", "RFC2253,-esc_msb"))
        let fingerprint = try openssl(name, "-fingerprint", "-sha256").lowercased().filter { $0 != ":" }
        #expect(one.fingerprint.rawValue == fingerprint)
        #expect(one.notBefore.rfc3339 == "2026-01-01T00:00:00Z")
        #expect(one.notAfter.rfc3339 == "2036-01-01T00:00:00Z")
    }

    @Test func `keys of all kinds are told apart`() throws {
        #expect(try (certificate("rsa.pem").keyAlgorithm, certificate("rsa.pem").keyBits) == ("RSA", 2048))
        #expect(try (certificate("ec.pem").keyAlgorithm, certificate("ec.pem").keyBits) == ("EC", 256))
        #expect(try certificate("ed25519.pem").keyAlgorithm == "Ed25519")
    }

    @Test func `extensions come out by the names of RFC 5280`() throws {
        let one = try certificate("ec.pem")
        #expect(one.keyUsage == ["digitalSignature"])
        #expect(one.extendedKeyUsage == ["serverAuth"])
        #expect(one.names == ["DNS:patched.example.test", "DNS:patched", "IP:192.0.2.10", "IP:2001:db8::10"])
        #expect(!one.isCA)
        #expect(try certificate("root.pem").isCA)
        #expect(try certificate("root.pem").keyUsage == ["keyCertSign", "cRLSign"])
    }

    @Test func `DER is the same certificate as PEM`() throws {
        let bundle = try CertificateBundle(TestCertificates.bytes("ec.der"))
        #expect(bundle.isDER)
        #expect(try bundle.certificates == [certificate("ec.pem")])
    }

    @Test func `a bundle keeps its order`() throws {
        let chain = try CertificateBundle(TestCertificates.bytes("chain.pem")).certificates
        #expect(try chain == [certificate("chained.pem"), certificate("intermediate.pem")])
    }

    @Test(arguments: [
        ("garbage.pem", "neither PEM nor DER: "), ("empty.pem", "the file is empty"),
        ("cut.pem", "certificate at line 1: its END line is missing"),
        ("damaged.pem", "certificate at line 1: bad base64"),
        ("crl.pem", "it holds no certificate, only: X509 CRL"),
        ("ec.key", "it holds no certificate, only: PRIVATE KEY"),
    ])
    func `what is no certificate says why`(name: String, words: String) throws {
        let bundle = try CertificateBundle(TestCertificates.bytes(name))
        #expect(bundle.certificates.isEmpty)
        #expect(try #require(bundle.problem).hasPrefix(words))
    }

    @Test func `PEM written again is the same certificate`() throws {
        let one = try certificate("rsa.pem")
        #expect(CertificateBundle(one.pem).certificates == [one])
    }

    @Test func `windows line ends and text around a block do no harm`() throws {
        var text = Array("subject=/CN=x\r\n".utf8)
        for byte in try TestCertificates.bytes("ec.pem") { text += byte == 10 ? [13, 10] : [byte] }
        #expect(try CertificateBundle(text).certificates == [certificate("ec.pem")])
    }
}

@Suite struct KeyDescriptionTests {
    @Test(arguments: [
        ("rsa.key", "rsa.pem"), ("rsa.pkcs1.key", "rsa.pem"), ("rsa.der.key", "rsa.pem"), ("ec.key", "ec.pem"),
        ("ec.sec1.key", "ec.pem"), ("ed25519.key", "ed25519.pem"),
    ])
    func `every encoding of a key is read, and only its public half`(key: String, certificate: String) throws {
        var bytes = try TestCertificates.bytes(key)
        let description = try KeyDescription(consuming: &bytes)
        let one = try #require(CertificateBundle(TestCertificates.bytes(certificate)).certificates.first)
        #expect(description.algorithm == one.keyAlgorithm)
        #expect(description.bits == one.keyBits)
        #expect(!description.isEncrypted)
        #expect(description.publicKeyFingerprint == one.publicKeyFingerprint)
        #expect(description.matches(one) == true)
        let stranger = try #require(CertificateBundle(TestCertificates.bytes("stranger.pem")).certificates.first)
        #expect(description.matches(stranger) == false)
    }

    @Test(arguments: ["rsa.key", "encrypted.pkcs8.key", "garbage.pem", "cut.pem"])
    func `the buffer of a key is zero afterwards, whatever came of it`(name: String) throws {
        var bytes = try TestCertificates.bytes(name)
        _ = try? KeyDescription(consuming: &bytes)
        #expect(!bytes.isEmpty)
        #expect(bytes.allSatisfy { $0 == 0 })
    }

    @Test(arguments: ["encrypted.pkcs8.key", "encrypted.pkcs1.key", "encrypted.der.key"])
    func `an encrypted key is recognised and nobody is asked`(name: String) throws {
        var bytes = try TestCertificates.bytes(name)
        let description = try KeyDescription(consuming: &bytes)
        #expect(description.isEncrypted)
        #expect(description.publicKeyFingerprint == nil)
    }

    @Test func `a certificate in the key's place says so`() throws {
        var bytes = try TestCertificates.bytes("ec.pem")
        #expect(throws: OpenSSLError("read the private key", reason: "it holds no private key, only: CERTIFICATE")) {
            try KeyDescription(consuming: &bytes)
        }
    }
}

@Suite struct ChainTests {
    private func certificates(_ name: String) throws -> [Certificate] {
        try CertificateBundle(TestCertificates.bytes(name)).certificates
    }

    private func chain(_ name: String, to anchors: String) throws -> Chain {
        let all = try certificates(name)
        return try Chain(
            of: #require(all.first), through: Array(all.dropFirst()), to: certificates(anchors))
    }

    @Test func `a certificate of the CA is trusted, directly or through its intermediate`() throws {
        #expect(try chain("ec.pem", to: "root.pem").isTrusted)
        #expect(try chain("chain.pem", to: "root.pem").isTrusted)
        #expect(try chain("chained.pem", to: "intermediate.pem").isTrusted)
    }

    @Test func `a CA of the same name with another key is told by its signature`() throws {
        let chain = try chain("ec.pem", to: "impostor.pem")
        #expect(!chain.isTrusted)
        #expect(chain.code == 7)
        #expect(chain.reason == "certificate signature failure")
    }

    @Test func `a missing intermediate is named by the certificate that lacks it`() throws {
        let chain = try chain("chained.pem", to: "root.pem")
        #expect(chain.code == 20)
        #expect(chain.subject == "CN=patched.example.test")
    }

    @Test func `dates are somebody else's question`() throws {
        #expect(try chain("expired.pem", to: "root.pem").isTrusted)
        #expect(try chain("future.pem", to: "root.pem").isTrusted)
    }

    @Test func `a key that a TLS peer would refuse as too weak is refused here`() throws {
        let chain = try chain("weak.pem", to: "root.pem")
        #expect(!chain.isTrusted)
        #expect(chain.reason.contains("key too weak"))
    }

    @Test(arguments: [
        ("ec.pem", true), ("no-purpose.pem", true), ("client-only.pem", false), ("authority-leaf.pem", false),
    ])
    func `purpose is judged by key usage, and a CA's certificate is none for a server`(name: String, allowed: Bool)
        throws
    {
        #expect(try #require(certificates(name).first).allowsServer == allowed)
    }
}
