public import OpenSSL
import Synchronization
public import Values

/// What is thought of a peer.
public enum PeerVerdict: Hashable, Sendable {
    case accepted
    case refused(PeerFault)
}

/// Judges the chain that a peer shows in a TLS hand-shake, by the same rules as the host's own files are judged: a
/// chain to the CA by `TrustAnchors`, the purpose, the revocation list, then the dates.
///
/// It never changes: after new files there is a new one. One may be used by any number of threads.
public final class PeerJudge: Sendable {
    public enum Purpose: Hashable, Sendable {
        /// The peer is a client: certificates for servers are refused.
        case client
        /// The peer is a server.
        case server
    }

    /// How far a peer's clock may be ahead of ours: certificates of this manager begin the moment they are made.
    public static let leeway = Interval.seconds(60)

    private let examination: PeerExamination
    private let known = Mutex<[KnownPeer]>([])

    /// `anchors` are the certificates of the CA file.
    public init(anchors: [Certificate], list: RevocationListState, purpose: Purpose, listPolicy: ListPolicy = .prefer)
        throws(OpenSSLError)
    {
        examination = PeerExamination(
            anchors: try TrustAnchors(anchors), list: list, lookup: try list.list.map(RevocationLookup.init),
            listPolicy: listPolicy, purpose: purpose)
    }

    /// The list that peers are looked up in, at a time.
    public func list(at now: WallTime) -> RevocationListState { examination.list.at(now) }

    /// Judges certificates in DER, the peer's own first. With a host, its certificate has to be for that name or
    /// address.
    public func judge(_ chain: [[UInt8]], at now: WallTime, host: String? = nil) -> PeerVerdict {
        do throws(PeerFault) {
            try examination.checkList(at: now)
            if host == nil, known.withLock({ peers in peers.contains { $0.isCurrent(at: now) && $0.chain == chain } }) {
                return .accepted
            }
            let path = try examination.examine(try PresentedChain(chain), host: host, at: now)
            if host == nil { remember(KnownPeer(chain: chain, notBefore: path.notBefore, notAfter: path.notAfter)) }
            return .accepted
        } catch {
            return .refused(error)
        }
    }

    /// A manager shows the same certificate at every connection. What was accepted once is accepted again until a date
    /// passes, because nothing else in the answer depends on the time; what was refused is never kept, so that a
    /// stranger can fill nothing.
    private func remember(_ peer: KnownPeer) {
        known.withLock { peers in
            peers.removeAll { $0.chain == peer.chain }
            if peers.count >= PeerJudge.memory { peers.removeFirst() }
            peers.append(peer)
        }
    }

    private static let memory = 8
}

/// A chain that was accepted, byte for byte, and how long that holds.
private struct KnownPeer: Sendable {
    let chain: [[UInt8]]
    let notBefore: WallTime
    let notAfter: WallTime

    func isCurrent(at now: WallTime) -> Bool { notBefore <= now + PeerJudge.leeway && now <= notAfter }
}
