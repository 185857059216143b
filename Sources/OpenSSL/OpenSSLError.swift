import COpenSSL

/// What OpenSSL could not do, in its own words where it has some.
public struct OpenSSLError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The deed in plain words: `read the certificate`.
    public let action: String
    /// The cause: `bad base64 decode`, `wrong tag`.
    public let reason: String

    public init(_ action: String, reason: String) {
        self.action = action
        self.reason = reason
    }

    /// Takes the oldest reason out of this thread's error queue and empties it (ERR_get_error(3)): the first error
    /// is the cause, the later ones its consequences.
    package init(_ action: String, otherwise: String = "no reason given") {
        self.init(action, reason: ErrorQueue.drain() ?? otherwise)
    }

    public var description: String { "cannot \(action): \(reason)" }
}

/// This thread's queue of errors. Every operation starts with an empty one, so that no reason is taken for another's.
package enum ErrorQueue {
    package static func clear() { ERR_clear_error() }

    /// The first reason in the queue, lower case; nil where it is empty.
    package static func drain() -> String? {
        var first: String?
        while true {
            let code = ERR_get_error()
            guard code != 0 else { return first }
            guard first == nil, let words = unsafe ERR_reason_error_string(code) else { continue }
            let text = unsafe String(cString: words)
            first = text.contains(" ") ? text : text.lowercased()
        }
    }
}
