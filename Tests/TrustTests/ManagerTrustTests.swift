import Issuing
import OpenSSL
import TestKit
import Testing
import Trust
import Values

/// Whom the agent takes for its manager.
@Suite struct ManagerTrustTests {
    private let now = TestPKI.now
    private let host = "manager.example.test"

    private func trust(
        pins: [Fingerprint] = [], anchors: [Certificate] = [], roots: Bool = false, isOpen: Bool = false
    ) throws -> ManagerTrust {
        try ManagerTrust(pins: pins, anchors: anchors, usesSystemRoots: roots, isFirstContactOpen: isOpen)
    }

    @Test func `a pin on key or certificate is enough, whatever else the certificate says`() throws {
        let pki = try TestPKI()
        let server = try pki.certificate(.server) {
            $0.dnsNames = ["elsewhere.test"]
            $0.notAfter = now + .seconds(-1)
            $0.notBefore = now + .seconds(-2)
        }
        for pin in [server.publicKeyFingerprint, server.fingerprint] {
            #expect(try trust(pins: [pin]).judge([server.der], host: host, at: now) == .accepted)
        }
    }

    @Test func `with a pin nothing else counts, and what was seen is named`() throws {
        let pki = try TestPKI()
        let (server, other) = try (pki.certificate(.server), pki.certificate(.server))
        let authority = pki.authority.certificate
        let strict = try trust(pins: [other.publicKeyFingerprint], anchors: [authority], roots: true, isOpen: true)
        let verdict = strict.judge([server.der, authority.der], host: host, at: now)
        #expect(
            verdict
                == .refused(
                    .untrusted(reason: "its fingerprint is not the one that is expected"),
                    seen: server.publicKeyFingerprint))
    }

    @Test func `a pinned CA has to vouch for the name`() throws {
        let pki = try TestPKI()
        let authority = pki.authority.certificate
        let pinned = try trust(pins: [authority.publicKeyFingerprint])
        let server = try pki.certificate(.server)
        #expect(pinned.judge([server.der, authority.der], host: host, at: now) == .accepted)
        #expect(
            pinned.judge([server.der, authority.der], host: "other.test", at: now)
                == .refused(
                    .wrongName(wanted: "other.test", covered: server.names), seen: server.publicKeyFingerprint))
        // Anybody can send somebody else's CA along.
        let stranger = try TestPKI("Another CA").certificate(.server)
        guard
            case .refused(.untrusted, seen: stranger.publicKeyFingerprint) = pinned.judge(
                [stranger.der, authority.der], host: host, at: now)
        else {
            Issue.record("a stranger was taken for the manager")
            return
        }
    }

    @Test func `a CA file vouches by name and by address`() throws {
        let pki = try TestPKI()
        let known = try trust(anchors: [pki.authority.certificate])
        let server = try pki.certificate(.server)
        for host in [host, "192.0.2.7", "2001:db8::7"] {
            #expect(known.judge([server.der], host: host, at: now) == .accepted)
        }
        #expect(
            known.judge([server.der], host: "192.0.2.8", at: now)
                == .refused(.wrongName(wanted: "192.0.2.8", covered: server.names), seen: server.publicKeyFingerprint))
        let client = try pki.certificate(.client)
        #expect(
            known.judge([client.der], host: host, at: now)
                == .refused(.wrongPurpose, seen: client.publicKeyFingerprint))
    }

    @Test func `a fault about time means that all else is right`() throws {
        let pki = try TestPKI(from: now + .seconds(-1000))
        let known = try trust(anchors: [pki.authority.certificate])
        func fault(_ change: (inout CertificateChange) -> Void) throws -> PeerFault? {
            let one = try pki.certificate(.server) { profile in
                var wish = CertificateChange()
                change(&wish)
                profile.notBefore = wish.notBefore ?? profile.notBefore
                profile.notAfter = wish.notAfter ?? profile.notAfter
                if wish.isElsewhere { profile.dnsNames = ["elsewhere.test"] }
            }
            guard case .refused(let fault, _) = known.judge([one.der], host: host, at: now) else { return nil }
            return fault
        }
        let (early, late) = (now + .seconds(3600), now + .seconds(-60))
        #expect(try fault { $0.notBefore = early } == .notYetValid(notBefore: early))
        #expect(try fault { ($0.notBefore, $0.notAfter) = (now + .seconds(-90), late) } == .expired(notAfter: late))
        #expect(try fault { $0.notBefore = early }?.isAboutTime == true)
        let both = try fault { ($0.notBefore, $0.isElsewhere) = (early, true) }
        #expect(both?.isAboutTime == false)
        #expect(try fault { $0.notBefore = now + .seconds(59) } == nil)
    }

    private struct CertificateChange {
        var notBefore: WallTime?
        var notAfter: WallTime?
        var isElsewhere = false
    }

    @Test func `an open first contact is taken up unverified, and only where nothing is configured`() throws {
        let pki = try TestPKI()
        let server = try pki.certificate(.server)
        let unverified = ManagerVerdict.acceptedUnverified(server.publicKeyFingerprint)
        #expect(try trust(isOpen: true).judge([server.der], host: host, at: now) == unverified)
        #expect(try trust(roots: true, isOpen: true).judge([server.der], host: host, at: now) == unverified)
        let other = try TestPKI("Another CA").authority.certificate
        guard
            case .refused(.untrusted, _) = try trust(anchors: [other], isOpen: true).judge(
                [server.der], host: host, at: now)
        else {
            Issue.record("the CA file was passed over")
            return
        }
        #expect(try trust(isOpen: true).judge([], host: host, at: now) == .refused(.absent, seen: nil))
        guard case .refused(.unreadable, seen: nil) = try trust(isOpen: true).judge([[1, 2]], host: host, at: now)
        else {
            Issue.record("garbage was taken for a certificate")
            return
        }
    }

    @Test func `without anything to verify with nobody is the manager`() throws {
        let server = try TestPKI().certificate(.server)
        for roots in [false, true] {
            guard
                case .refused(.untrusted, seen: server.publicKeyFingerprint) = try trust(roots: roots).judge(
                    [server.der], host: host, at: now)
            else {
                Issue.record("a stranger was taken for the manager")
                return
            }
        }
    }

    /// A root itself is no server, but only a known one is refused for that reason.
    @Test(.enabled(if: (try? TemporaryDirectory.bytes(of: publicRoot)) != nil))
    func `the host's own roots count where they are wanted`() throws {
        let bytes = try TemporaryDirectory.bytes(of: Self.publicRoot)
        let root = try #require(CertificateBundle(bytes).certificates.first)
        let seen = root.publicKeyFingerprint
        #expect(
            try trust(roots: true).judge([root.der], host: host, at: now) == .refused(.wrongPurpose, seen: seen))
        let anchor = try TestPKI().authority.certificate
        guard
            case .refused(.untrusted, _) = try trust(anchors: [anchor]).judge([root.der], host: host, at: now)
        else {
            Issue.record("the host's roots were used unasked")
            return
        }
    }

    private static let publicRoot = "/etc/ssl/certs/ISRG_Root_X1.pem"
}

@Suite struct FingerprintTests {
    @Test func `a fingerprint is read as people copy it`() throws {
        let server = try TestPKI().certificate(.server)
        let plain = server.fingerprint.rawValue
        var pairs: [String] = []
        var rest = Substring(plain)
        while !rest.isEmpty {
            pairs.append(String(rest.prefix(2)))
            rest = rest.dropFirst(2)
        }
        let colons = pairs.joined(separator: ":")
        for text in [
            plain, plain.uppercased(), colons, colons.uppercased(), "sha256:" + plain, "SHA256:" + colons,
            " \(plain) ", server.fingerprint.labelled,
        ] {
            #expect(Digest(fingerprint: text) == server.fingerprint, "\(text)")
        }
        for text in [
            "", "sha256:", String(plain.dropLast()), plain + "0", "sha1:" + plain, plain.dropLast() + "g",
            colons + ":", String(colons.dropFirst()), String(repeating: "a", count: 1 << 16),
        ] {
            #expect(Digest(fingerprint: text) == nil, "\(text.prefix(99))")
        }
    }
}
