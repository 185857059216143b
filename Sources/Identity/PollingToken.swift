import OpenSSL
import Values

/// What the manager knows this host's request by. Whoever has it can fetch the host's private key, so it shows itself
/// nowhere: not in a message, a dump or a log.
public struct PollingToken: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The token itself, for the path of a request and for nothing else.
    public let secret: String

    public static let limit = 512

    /// nil for what can't be a token: only the unreserved characters of RFC 3986 §2.3 may be in it, so that it can
    /// stand in a URL's path as it is.
    public init?(_ text: String) {
        let isPlain = text.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || "-._~".utf8.contains(byte)
        }
        guard isPlain, !text.isEmpty, text.utf8.count <= PollingToken.limit, text != ".", text != ".." else {
            return nil
        }
        secret = text
    }

    /// By which a dead token is remembered without being kept.
    var digest: Digest { SHA256.digest(of: Array(secret.utf8)) }

    public var description: String { "a polling token of \(secret.utf8.count) characters" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
