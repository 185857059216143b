/// One way for the manager to misbehave.
public enum Fault: Hashable, Sendable {
    /// Another HTTP status, `status=503`; with a Retry-After in seconds, `status=429:30`.
    case status(Int, retryAfter: Int64?)
    /// 409 at registration.
    case conflict
    /// Reads the request and never answers.
    case hang
    /// Ends the connection in order, without an answer.
    case close
    /// Ends it with a TCP reset, without an answer.
    case reset
    /// 200, JSON by its type, and bytes that mean nothing.
    case garbage
    /// The right answer, cut off in its middle.
    case truncate
    /// The right answer, one byte a second.
    case slowBody
    /// 302 to a log-in page.
    case redirect
    /// 200 and nothing in it.
    case empty
    /// 200 and a page for people, as proxies send it.
    case html
    /// 200 and 16 MiB of JSON.
    case huge
    /// Does what was asked - the token is made, the bundle is handed out - and resets the line instead of answering.
    case lostResponse
    /// The Date header is off by so many seconds.
    case wrongDate(Int64)
    /// What is wrong with a bundle that is made meanwhile, or with the revocation list.
    case delivery(DeliveryFault)
    /// What is wrong with the manager's own TLS certificate.
    case tls(TLSFault)
}

/// What can be wrong with a bundle or with the revocation list.
public enum DeliveryFault: String, Hashable, Sendable, CaseIterable {
    /// The certificate is signed by another CA than the one that comes with it.
    case wrongCA = "wrong-ca"
    /// Everything is in order, but of another CA than before.
    case strangeCA = "strange-ca"
    case wrongKey = "wrong-key"
    case expiredLeaf = "expired-leaf"
    /// Its notBefore is an hour ahead.
    case futureLeaf = "future-leaf"
    /// CA:TRUE.
    case caLeaf = "ca-leaf"
    case noSAN = "no-san"
    /// Its extended key usage is clientAuth alone.
    case clientLeaf = "client-leaf"
    /// An empty `crl_pem`; 500 where the list itself is asked for.
    case noCRL = "no-crl"
    /// Signed by another CA of the same name.
    case badCRL = "bad-crl"
    /// Its nextUpdate is an hour ago.
    case expiredCRL = "expired-crl"
    /// It holds the bundle's own certificate.
    case revokedLeaf = "revoked-leaf"
}

/// What can be wrong with the manager's own TLS certificate.
public enum TLSFault: String, Hashable, Sendable, CaseIterable {
    case expired
    case otherCA = "other-ca"
    case wrongName = "wrong-name"
}

extension Fault: LosslessStringConvertible {
    private static let plain: [(word: String, fault: Fault)] = [
        ("conflict", .conflict), ("hang", .hang), ("close", .close), ("reset", .reset), ("garbage", .garbage),
        ("truncate", .truncate), ("slow-body", .slowBody), ("redirect", .redirect), ("empty", .empty), ("html", .html),
        ("huge", .huge), ("lost-response", .lostResponse),
    ]

    /// Every fault's spelling, for help texts.
    public static var words: [String] {
        ["status=CODE", "status=429:SECONDS", "wrong-date=SECONDS"] + plain.map(\.word)
            + DeliveryFault.allCases.map(\.rawValue) + TLSFault.allCases.map { "tls=" + $0.rawValue }
    }

    public init?(_ text: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 1 {
            if let known = Self.plain.first(where: { $0.word == text }) {
                self = known.fault
            } else if let fault = DeliveryFault(rawValue: text) {
                self = .delivery(fault)
            } else {
                return nil
            }
            return
        }
        let values = parts[1].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        switch parts[0] {
        case "status":
            guard let code = Int(values[0]), (200...599).contains(code) else { return nil }
            let retryAfter = values.count == 2 ? Int64(values[1]) : nil
            guard values.count == 1 || retryAfter != nil else { return nil }
            self = .status(code, retryAfter: retryAfter)
        case "wrong-date":
            guard let seconds = Int64(parts[1]), abs(seconds) < 1 << 40 else { return nil }
            self = .wrongDate(seconds)
        case "tls":
            guard let fault = TLSFault(rawValue: String(parts[1])) else { return nil }
            self = .tls(fault)
        default: return nil
        }
    }

    public var description: String {
        switch self {
        case .status(let code, let retryAfter): "status=\(code)" + (retryAfter.map { ":\($0)" } ?? "")
        case .wrongDate(let seconds): "wrong-date=\(seconds)"
        case .delivery(let fault): fault.rawValue
        case .tls(let fault): "tls=" + fault.rawValue
        default: Self.plain.first { $0.fault == self }?.word ?? ""
        }
    }
}
