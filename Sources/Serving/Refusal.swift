public import Values

/// A peer that was turned away, or turned away itself, before it had an answer; for the log.
public struct Refusal: Hashable, Sendable, CustomStringConvertible {
    public enum Kind: Hashable, Sendable {
        /// The whitelist does not have it.
        case notAdmitted
        /// It has as many connections as one peer may have.
        case tooMany
        /// There is no identity yet to serve with.
        case noIdentity
        /// The hand-shake failed: no certificate, an old version, something that is not TLS.
        case handshake(String)
        /// The client's certificate was refused.
        case client(String)
        /// No complete request within the time for the first one.
        case slow
        /// What it sent is no HTTP, or more than allowed; the status it was answered with.
        case request(status: Int, String)
        /// Its WebSocket was ended for what it did.
        case webSocket(String)
        /// Nobody in particular: the process has no means to accept anybody, as no free descriptor.
        case exhausted(String)
    }

    public let peer: IPAddress
    public let kind: Kind
    /// How many more of this peer and kind were left out since the last one that was reported.
    public let suppressed: Int

    public init(peer: IPAddress, kind: Kind, suppressed: Int = 0) {
        self.peer = peer
        self.kind = kind
        self.suppressed = suppressed
    }

    public var description: String {
        let more = suppressed > 0 ? " (and \(suppressed) more like it)" : ""
        if case .exhausted = kind { return kind.words + more }
        return "\(peer) refused: \(kind.words)\(more)"
    }
}

extension Refusal.Kind {
    var words: String {
        switch self {
        case .notAdmitted: "not in the whitelist"
        case .tooMany: "too many connections"
        case .noIdentity: "no certificate to serve with yet"
        case .handshake(let reason): "tls hand-shake failed: \(reason)"
        case .client(let reason): "client certificate: \(reason)"
        case .slow: "no request in time"
        case .request(let status, let reason): "answered with \(status): \(reason)"
        case .webSocket(let reason): "websocket ended: \(reason)"
        case .exhausted(let reason): "cannot accept connections: \(reason); they wait"
        }
    }

    /// What is counted together: the same whatever the peer put into the words.
    var group: Int {
        switch self {
        case .notAdmitted: 0
        case .tooMany: 1
        case .noIdentity: 2
        case .handshake: 3
        case .client: 4
        case .slow: 5
        case .request: 6
        case .exhausted: 7
        case .webSocket: 8
        }
    }
}
