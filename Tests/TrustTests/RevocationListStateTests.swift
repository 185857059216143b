import Issuing
import OpenSSL
import TestKit
import Testing
import Trust
import Values

/// What a revocation list is worth, and whom it keeps out.
@Suite struct RevocationListStateTests {
    private let now = TestPKI.now

    private func state(_ name: String) throws -> RevocationListState {
        let root = try CertificateBundle(TestCertificates.bytes("root.pem")).certificates
        return try .judge(bytes: found(TestCertificates.bytes(name)), issuers: root, at: now)
    }

    @Test(arguments: [
        ("crl.pem", "valid"), ("crl.der", "valid"), ("crl-expired.pem", "expired"), ("crl-impostor.pem", "invalid"),
        ("crl-stranger.pem", "invalid"), ("garbage.pem", "invalid"), ("ec.pem", "invalid"), ("empty.pem", "missing"),
        ("crl-part.pem", "degraded"),
    ])
    func `each has upstream's word`(name: String, word: String) throws {
        #expect(try state(name).word == word)
        #expect(try state(name).explanation.hasPrefix(word))
    }

    @Test func `no file is missing, one that can't be read is degraded`() {
        #expect(RevocationListState.judge(bytes: found(nil), issuers: [], at: now) == .missing)
        #expect(RevocationListState.judge(bytes: found([10, 32]), issuers: [], at: now) == .missing)
        let unread: Result<[UInt8]?, OpenSSLError> = .failure(OpenSSLError("read it", reason: "input/output error"))
        #expect(
            RevocationListState.judge(bytes: unread, issuers: [], at: now)
                == .degraded(reason: "cannot read it: input/output error"))
    }

    @Test func `only a key that may sign lists counts`() throws {
        let pki = try TestPKI()
        // A server's key under the CA's name, in a CA file.
        let key = try PrivateKey.generate()
        let pem = try pki.authority.issue(
            CertificateProfile(.server, commonName: "lister", notBefore: now, notAfter: now + .seconds(1000)), for: key)
        let lister = try Authority(certificatePEM: pem, keyPEM: key.pem)
        let bytes = try lister.revocationList(
            revoked: [], thisUpdate: now, nextUpdate: now + .seconds(1000), number: 1)
        let state = RevocationListState.judge(
            bytes: found(bytes), issuers: [pki.authority.certificate, lister.certificate], at: now)
        #expect(state.word == "invalid")
    }

    @Test(arguments: [true, false])
    func `whom the list names is kept out, even after its time`(isCurrent: Bool) throws {
        let pki = try TestPKI()
        let client = try pki.certificate(.client)
        let list = try pki.list(revoking: [client], until: now + .seconds(isCurrent ? 1000 : -1))
        #expect(list.word == (isCurrent ? "valid" : "expired"))
        let judge = try pki.judge(list)
        #expect(judge.judge(client) == .refused(.revoked(serial: client.serial)))
        #expect(try judge.judge(pki.certificate(.client)) == .accepted)
        // Another judge's memory is its own: without a list the same client passes.
        #expect(try pki.judge(.missing).judge(client) == .accepted)
    }

    @Test func `a part of a list keeps out whom it names`() throws {
        let root = try CertificateBundle(TestCertificates.bytes("root.pem")).certificates
        let revoked = try #require(CertificateBundle(TestCertificates.bytes("revoked.pem")).certificates.first)
        let judge = try PeerJudge(anchors: root, list: state("crl-part.pem"), purpose: .server)
        #expect(judge.judge(revoked) == .refused(.revoked(serial: revoked.serial)))
    }

    @Test func `an intermediate on the list takes its certificates with it`() throws {
        let pki = try TestPKI()
        let key = try PrivateKey.generate()
        let pem = try pki.authority.issue(
            CertificateProfile(.authority, commonName: "Between", notBefore: now, notAfter: now + .seconds(1000)),
            for: key)
        let between = try Authority(certificatePEM: pem, keyPEM: key.pem)
        let client = try pki.one(in: between.issue(TestPKI.profile(.client), for: .generate()))
        let chain = [client.der, between.certificate.der]
        #expect(try pki.judge(pki.list()).judge(chain, at: now) == .accepted)
        #expect(
            try pki.judge(pki.list(revoking: [between.certificate])).judge(chain, at: now)
                == .refused(.revoked(serial: between.certificate.serial)))
    }

    @Test func `the policy says who passes without a good list`() throws {
        let pki = try TestPKI()
        let client = try pki.certificate(.client)
        let states: [(RevocationListState, prefer: Bool, require: Bool)] = [
            (try pki.list(), true, true), (try pki.list(until: now + .seconds(-1)), true, false),
            (.missing, true, false), (.degraded(reason: "unread"), true, false),
            (.invalid(reason: "garbage"), false, false),
        ]
        for (state, prefer, require) in states {
            for (policy, passes) in [(ListPolicy.prefer, prefer), (.require, require)] {
                let verdict = try pki.judge(state, policy: policy).judge(client)
                #expect((verdict == .accepted) == passes, "\(state.word) under \(policy)")
                guard !passes, case .listUnusable = verdict.fault else {
                    #expect(passes)
                    continue
                }
            }
        }
    }

    @Test func `a list expires while the agent runs`() throws {
        let pki = try TestPKI()
        let client = try pki.certificate(.client)
        let end = now + .seconds(1000)
        let judge = try pki.judge(pki.list(until: end), policy: .require)
        #expect(judge.judge(client, at: end) == .accepted)
        let late = end + .seconds(1)
        #expect(judge.list(at: late).word == "expired")
        #expect(judge.judge(client, at: late).fault == .listUnusable(reason: "it is expired at \(end.rfc3339)"))
        // The clock was wrong and is put right.
        #expect(judge.judge(client) == .accepted)
    }

    @Test func `an older list is told from a newer one`() throws {
        let pki = try TestPKI()
        func list(_ number: UInt64, _ age: Int64 = 0) throws -> RevocationList {
            try RevocationList(
                pki.authority.revocationList(
                    revoked: [], thisUpdate: now + .seconds(-age), nextUpdate: now, number: number))
        }
        #expect(try list(0xFF).number == "FF")
        #expect(try list(0).number == "0")
        #expect(try list(0xFF).isOlder(than: list(0x100)))
        #expect(try !list(0x100).isOlder(than: list(0xFF, 100)))
        #expect(try !list(9).isOlder(than: list(9)))
        // The fixture's lists have no number: then thisUpdate decides.
        let (old, new) = try (
            RevocationList(TestCertificates.bytes("crl-expired.pem")), RevocationList(TestCertificates.bytes("crl.pem"))
        )
        #expect(old.number == nil)
        #expect(old.isOlder(than: new))
        #expect(!new.isOlder(than: old))
    }
}
