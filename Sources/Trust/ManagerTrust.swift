public import OpenSSL
public import Values

/// What is thought of the server that says it is the manager.
public enum ManagerVerdict: Hashable, Sendable {
    case accepted
    /// Nothing vouches for it, and the configuration says that a first contact may go on regardless. The fingerprint is
    /// that of its public key: what a person compares, and what may be pinned from then on.
    case acceptedUnverified(Fingerprint)
    /// `seen` is the fingerprint of its public key; nil where no certificate could be read.
    case refused(PeerFault, seen: Fingerprint?)
}

/// How the manager's TLS is verified.
public struct ManagerTrust: Sendable {
    public let pins: [Fingerprint]
    public let isFirstContactOpen: Bool
    private let examination: PeerExamination?

    /// With `pins`, nothing but a pin counts: a public CA must not be able to stand in for one. Else a chain to one of
    /// `anchors` counts, or to one of the host's own roots where `usesSystemRoots`. `isFirstContactOpen` only matters
    /// where there is neither a pin nor an anchor.
    ///
    /// A pin is the SHA-256 of a certificate or of its public key (SubjectPublicKeyInfo, RFC 7469 §2.4).
    public init(pins: [Fingerprint], anchors: [Certificate], usesSystemRoots: Bool, isFirstContactOpen: Bool)
        throws(OpenSSLError)
    {
        self.pins = pins
        self.isFirstContactOpen = isFirstContactOpen && pins.isEmpty && anchors.isEmpty
        guard pins.isEmpty, !anchors.isEmpty || usesSystemRoots else {
            examination = nil
            return
        }
        examination = PeerExamination(
            anchors: try TrustAnchors(anchors, includesSystemRoots: usesSystemRoots), list: .missing, lookup: nil,
            listPolicy: .prefer, purpose: .server)
    }

    /// Judges certificates in DER, the server's own first, for the host of the manager's URL. A fault about time means
    /// that all else is right, so that the clock may be asked about.
    public func judge(_ chain: [[UInt8]], host: String, at now: WallTime) -> ManagerVerdict {
        let shown: PresentedChain
        do throws(PeerFault) {
            shown = try PresentedChain(chain)
        } catch {
            return .refused(error, seen: nil)
        }
        let seen = shown.leaf.publicKeyFingerprint
        do throws(PeerFault) {
            if pins.isEmpty {
                try examine(shown, host: host, at: now)
            } else {
                try checkPins(shown, host: host, at: now)
            }
            return .accepted
        } catch {
            return isFirstContactOpen ? .acceptedUnverified(seen) : .refused(error, seen: seen)
        }
    }

    private func examine(_ shown: PresentedChain, host: String, at now: WallTime) throws(PeerFault) {
        guard let examination else {
            throw .untrusted(reason: "there is nothing to verify it with, neither a fingerprint nor a CA")
        }
        _ = try examination.examine(shown, host: host, at: now)
    }

    /// A pin on the server's own certificate or key is the trust, whatever name and dates the certificate has. A pin on
    /// a CA that the server sends along makes it the anchor: then the chain, the name and the dates have to be right.
    private func checkPins(_ shown: PresentedChain, host: String, at now: WallTime) throws(PeerFault) {
        if isPinned(shown.leaf) { return }
        let authorities = shown.intermediates.filter { $0.isCA && isPinned($0) }
        guard !authorities.isEmpty else { throw .untrusted(reason: "its fingerprint is not the one that is expected") }
        let anchors: TrustAnchors
        do throws(OpenSSLError) {
            anchors = try TrustAnchors(authorities)
        } catch {
            throw .untrusted(reason: error.reason)
        }
        let examination = PeerExamination(
            anchors: anchors, list: .missing, lookup: nil, listPolicy: .prefer, purpose: .server)
        _ = try examination.examine(shown, host: host, at: now)
    }

    private func isPinned(_ one: Certificate) -> Bool {
        pins.contains(one.publicKeyFingerprint) || pins.contains(one.fingerprint)
    }
}
