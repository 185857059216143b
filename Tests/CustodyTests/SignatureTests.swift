import Custody
import OpenSSL
import Testing
import Values

@Suite struct SignatureTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test(arguments: ["rsa", "ec"])
    func `the host's certificate signs, and the signer is named`(kind: String) throws {
        let authority = try Authority.shared.get()
        let path = try wholeBundle(in: scratch, signer: authority.identity(kind)).path
        guard case .valid(let subject, let fingerprint) = try Verifier.verify(path).signature else {
            Issue.record("not signed")
            return
        }
        #expect(subject == "CN=\(kind)")
        let expected = try authority.scratch.shell(
            "openssl x509 -in \(kind).pem -outform DER | sha256sum | cut -d' ' -f1"
        ).output
        #expect(fingerprint.rawValue + "\n" == expected)
    }

    @Test(arguments: [
        ("ed25519", "ed25519", "OpenSSL's CMS cannot sign with a key of type ED25519"),
        ("rsa", "ec", "certificate and key do not belong together"),
        ("rsa", "encrypted", "is encrypted, and its password is not known here"),
        ("missing", "rsa", "missing.pem': no such file or directory"),
        ("rsa", "missing", "missing.key': no such file or directory"),
        ("fifo", "rsa", "fifo.pem': not a regular file"),
        ("rubbish", "rsa", "no certificate in '"),
        ("rsa", "rubbish", "no private key in '"),
    ])
    func `evidence that can't be signed is kept, and says why`(
        certificate: String, key: String, reason: String
    ) throws {
        let authority = try Authority.shared.get()
        try authority.scratch.shell(
            "test -e fifo.pem || mkfifo fifo.pem; echo rubbish > rubbish.pem; cp rubbish.pem rubbish.key")
        let path = try wholeBundle(in: scratch, signer: authority.identity(certificate, key: key)).path
        let verification = try Verifier.verify(path)
        #expect(verification.isIntact)
        guard case .unsigned(let because) = verification.signature else {
            Issue.record("\(verification.signature)")
            return
        }
        #expect(because.contains(reason), "\(because)")
        #expect(try !names(in: path).contains("manifest.p7s"))
    }

    @Test func `an unsigned bundle without an identity says that none was found`() throws {
        let path = try wholeBundle(in: scratch).path
        let manifest = try scratch.shell("jq -c .signature '\(path)/manifest.json'").output
        #expect(manifest == #"{"because":"this look found no certificate and key of the host","signed":false}"# + "\n")
    }

    @Test func `a signature is over every byte`() throws {
        let identity = try CMS.Identity(
            certificate: Authority.shared.get().scratch.file("ec.pem"),
            key: Authority.shared.get().scratch.file("ec.key"))
        let content = Array("\r\nline\nends\r\n \u{0}".utf8)
        let signature = try identity.sign(content)
        #expect(try CMS.verify(signature, over: content) == identity.signer)
        #expect(throws: CMSError.self) { try CMS.verify(signature, over: content + [10]) }
        #expect(throws: CMSError.self) { try CMS.verify(signature + [0], over: content) }
        #expect(throws: CMSError.self) { try CMS.verify([], over: content) }
    }

    @Test func `digests are SHA-256`() {
        // FIPS 180-4's own examples.
        #expect(SHA256.digest(of: []).rawValue == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            SHA256.digest(of: Array("abc".utf8)).rawValue
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        var hasher = SHA256.Hasher()
        for byte in Array("abc".utf8) { hasher.update([byte]) }
        #expect(hasher.finish() == SHA256.digest(of: Array("abc".utf8)))
    }
}
