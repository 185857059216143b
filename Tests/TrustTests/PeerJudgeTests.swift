import Issuing
import OpenSSL
import TestKit
import Testing
import Trust
import Values

/// Whom the agent lets in.
@Suite struct PeerJudgeTests {
    private let now = TestPKI.now

    @Test func `a client of the CA is let in, at the first connection and at the next`() throws {
        let pki = try TestPKI()
        let judge = try pki.judge(pki.list())
        let client = try pki.certificate(.client)
        for _ in 0..<3 { #expect(judge.judge(client) == .accepted) }
        // The manager sends its CA along.
        #expect(judge.judge([client.der, pki.authority.certificate.der], at: now) == .accepted)
    }

    @Test func `an agent's own certificate opens no other agent`() throws {
        let pki = try TestPKI()
        #expect(try pki.judge().judge(pki.certificate(.server)) == .refused(.wrongPurpose))
        #expect(try pki.judge().judge(pki.certificate(.client) { $0.isCA = true }) == .refused(.wrongPurpose))
        #expect(try pki.judge().judge(pki.authority.certificate) == .refused(.wrongPurpose))
        // Without a purpose of its own it is good for any, as for webpki.
        #expect(try pki.judge().judge(pki.certificate(.client) { $0.hasExtendedKeyUsage = false }) == .accepted)
        #expect(try pki.judge(purpose: .server).judge(pki.certificate(.client)) == .refused(.wrongPurpose))
    }

    @Test func `another CA is refused, even one of the same name`() throws {
        let pki = try TestPKI()
        let namesake = try TestPKI()
        let stranger = try TestPKI("Another CA")
        let judge = try pki.judge()
        #expect(try judge.judge(namesake.certificate(.client)).isUntrusted)
        #expect(try judge.judge(stranger.certificate(.client)).isUntrusted)
        // What a peer sends along does not become trusted by it.
        let client = try stranger.certificate(.client)
        #expect(judge.judge([client.der, stranger.authority.certificate.der], at: now).isUntrusted)
    }

    @Test(arguments: [false, true])
    func `a CA made anew under its old name does not hide the old one`(isNewFirst: Bool) throws {
        let (old, new) = (try TestPKI(), try TestPKI())
        var anchors = [old.authority.certificate, new.authority.certificate]
        if isNewFirst { anchors.reverse() }
        let judge = try PeerJudge(anchors: anchors, list: .missing, purpose: .client)
        #expect(try judge.judge(old.certificate(.client)) == .accepted)
        #expect(try judge.judge(new.certificate(.client)) == .accepted)
        #expect(try judge.judge(TestPKI().certificate(.client)).isUntrusted)
        // Without key identifiers only the signature tells them apart.
        let bare = try ["root.pem", "impostor.pem"].compactMap {
            try CertificateBundle(TestCertificates.bytes($0)).certificates.first
        }
        let servers = try PeerJudge(anchors: isNewFirst ? bare.reversed() : bare, list: .missing, purpose: .server)
        for name in ["ec.pem", "foreign.pem"] {
            let one = try #require(CertificateBundle(TestCertificates.bytes(name)).certificates.first)
            #expect(servers.judge(one) == .accepted)
        }
    }

    @Test func `dates are checked, and a clock a minute behind is forgiven`() throws {
        let pki = try TestPKI(from: now + .seconds(-10 * TestPKI.day))
        let judge = try pki.judge()
        let early = now + .seconds(61)
        #expect(try judge.judge(pki.certificate(.client) { $0.notBefore = now + .seconds(60) }) == .accepted)
        #expect(
            try judge.judge(pki.certificate(.client) { $0.notBefore = early })
                == .refused(.notYetValid(notBefore: early)))
        let end = now + .seconds(-1)
        let late = try pki.certificate(.client) {
            $0.notBefore = now + .seconds(-100)
            $0.notAfter = end
        }
        #expect(judge.judge(late) == .refused(.expired(notAfter: end)))
    }

    @Test func `who was let in is shut out when the date passes`() throws {
        let pki = try TestPKI()
        let judge = try pki.judge()
        let client = try pki.certificate(.client)
        #expect(judge.judge(client) == .accepted)
        #expect(judge.judge(client, at: client.notAfter) == .accepted)
        #expect(
            judge.judge(client, at: client.notAfter + .seconds(1)) == .refused(.expired(notAfter: client.notAfter)))
        #expect(
            judge.judge(client, at: client.notBefore + .seconds(-61))
                == .refused(.notYetValid(notBefore: client.notBefore)))
    }

    @Test func `nobody is let in by a CA that expired`() throws {
        let pki = try TestPKI(from: now + .seconds(-100 * TestPKI.day), days: 99)
        let end = pki.authority.certificate.notAfter
        #expect(try pki.judge().judge(pki.certificate(.client)) == .refused(.expired(notAfter: end)))
    }

    @Test func `a name is asked for where a host is given`() throws {
        let pki = try TestPKI()
        let judge = try pki.judge(purpose: .server)
        let server = try pki.certificate(.server)
        for host in ["manager.example.test", "192.0.2.7", "2001:DB8::7", "MANAGER.example.test."] {
            #expect(judge.judge(server, host: host) == .accepted)
        }
        #expect(
            judge.judge(server, host: "192.0.2.8")
                == .refused(.wrongName(wanted: "192.0.2.8", covered: server.names)))
        #expect(judge.judge(server) == .accepted)
        // That it was accepted for no name in particular must not make it good for any.
        #expect(judge.judge(server, host: "peer").fault == .wrongName(wanted: "peer", covered: server.names))
    }

    @Test func `what is no chain is refused`() throws {
        let pki = try TestPKI()
        let judge = try pki.judge()
        let client = try pki.certificate(.client).der
        #expect(judge.judge([], at: now) == .refused(.absent))
        for broken in [[], [0x30], Array(client.dropLast()), [UInt8](repeating: 0xFF, count: 1 << 17)] {
            guard case .unreadable = judge.judge([broken], at: now).fault else {
                Issue.record("\(broken.count) bytes were taken for a certificate")
                continue
            }
        }
        guard case .unreadable = judge.judge(Array(repeating: client, count: 11), at: now).fault else {
            Issue.record("eleven certificates were looked at")
            return
        }
        // Every bit of it counts.
        for index in stride(from: 40, to: client.count, by: 7) {
            var changed = client
            changed[index] ^= 1
            #expect(judge.judge([changed], at: now) != .accepted, "byte \(index)")
        }
    }

    /// What start-up accepts, the hand-shake accepts, and the `openssl` program calls valid.
    @Test(arguments: [
        "ec", "rsa", "ed25519", "chain", "chained", "client-only", "no-purpose", "wildcard", "unnamed", "foreign",
        "weak",
    ])
    func `the hand-shake, the start-up and openssl agree`(name: String) throws {
        let root = try CertificateBundle(TestCertificates.bytes("root.pem")).certificates
        let shown = try CertificateBundle(TestCertificates.bytes("\(name).pem")).certificates
        let judge = try PeerJudge(anchors: root, list: .missing, purpose: .server)
        let isAccepted = judge.judge(shown.map(\.der), at: now) == .accepted
        let key = name == "chain" ? "chained.key" : "\(name).key"
        let status = try TestHost(certificate: "\(name).pem", key: key, crl: nil).fact()
            .status(at: now, renewingWithin: .seconds(0))
        #expect(status.isUsable == isAccepted, "\(status)")
        let path = try TestCertificates.path("\(name).pem")
        let answer = try ChildProcess([
            "openssl", "verify", "-auth_level", "2", "-purpose", "sslserver", "-CAfile",
            TestCertificates.path("root.pem"), "-untrusted", path, path,
        ]).wait()
        #expect((answer == 0) == isAccepted)
    }

    @Test func `many connections at once get their own answers`() async throws {
        let pki = try TestPKI()
        let revoked = try pki.certificate(.client)
        let judge = try pki.judge(pki.list(revoking: [revoked]))
        let good = try (0..<12).map { _ in try pki.certificate(.client) }
        let stranger = try TestPKI().certificate(.client)
        await withTaskGroup { group in
            for round in 0..<200 {
                group.addTask { judge.judge(good[round % good.count]) == .accepted }
                group.addTask { judge.judge(revoked).fault == .revoked(serial: revoked.serial) }
                group.addTask { judge.judge(stranger).isUntrusted }
            }
            for await isRight in group { #expect(isRight) }
        }
    }

    @Test func `a fault is one harmless line`() throws {
        let pki = try TestPKI("Evil\u{1B}[2J\nCA")
        let fault = try #require(try TestPKI().judge().judge(pki.certificate(.client)).fault)
        #expect(!"\(fault)".contains { $0.isNewline || $0 == "\u{1B}" })
        let names = PeerFault.wrongName(wanted: "a\nb", covered: (1...7).map { "DNS:h\($0)\u{7}" })
        #expect(
            "\(names)" == "its certificate is not for a\\u{a}b but for DNS:h1\\u{7}, DNS:h2\\u{7}, DNS:h3\\u{7}, "
                + "DNS:h4\\u{7}, DNS:h5\\u{7} and 2 more")
    }
}
