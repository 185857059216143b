/// What proves to the manager that a question about a request comes from who made it. Whoever holds it gets the host's
/// private key, so that it shows itself to nobody: not in a log, a message or a debugger's mirror.
public struct PollingToken: Hashable, Sendable {
    /// Only for the request's path and the file that keeps it.
    public let secret: String

    /// The manager's have 64 letters and digits.
    public static let limit = 512

    /// Takes what can stand in a URL's path without escapes (RFC 3986 §2.3); nil for anything else.
    public init?(_ text: String) {
        guard (1...PollingToken.limit).contains(text.utf8.count),
            text.utf8.allSatisfy({ byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || "._~-".utf8.contains(byte)
            }),
            // A path of dots leads elsewhere.
            !text.utf8.allSatisfy({ $0 == UInt8(ascii: ".") })
        else { return nil }
        secret = text
    }
}

extension PollingToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "a polling token of \(secret.utf8.count) characters" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
