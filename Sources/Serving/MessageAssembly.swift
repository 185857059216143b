import NIOCore
import NIOWebSocket

/// Puts a message together from its fragments (RFC 6455 §5.4), within a limit.
struct MessageAssembly {
    enum Fault: Error {
        case order
        case tooBig
        case notUTF8

        var code: WebSocketCloseCode {
            switch self {
            case .order: .protocolError
            case .tooBig: .messageTooBig
            case .notUTF8: .invalidText
            }
        }
    }

    let limit: Int
    /// nil between two messages.
    private var parts: ByteBuffer?
    private var isText = false

    init(limit: Int) { self.limit = limit }

    /// Takes a data frame; the text where it ends one. Of a binary message nothing is kept.
    mutating func add(_ frame: WebSocketFrame) throws(Fault) -> ByteBuffer? {
        guard (frame.opcode == .continuation) == (parts != nil) else { throw .order }
        if frame.opcode != .continuation { isText = frame.opcode == .text }
        let length = (parts?.readableBytes ?? 0) + frame.length
        guard length <= limit else { throw .tooBig }
        var data = frame.unmaskedData
        if parts == nil { parts = data } else { parts?.writeBuffer(&data) }
        guard frame.fin, let whole = parts else { return nil }
        parts = nil
        guard isText else { return nil }
        guard String(validating: whole.readableBytesView, as: UTF8.self) != nil else { throw .notUTF8 }
        return whole
    }

    mutating func reset() { parts = nil }
}

/// What a close frame holds (RFC 6455 §5.5.1, §7.4).
enum CloseFrame {
    /// The payload of the answer: the same code, or nothing where it came without; nil where the frame is malformed.
    static func answer(to payload: ByteBuffer) -> [UInt8]? {
        var rest = payload
        if rest.readableBytes == 0 { return [] }
        guard let code = rest.readInteger(as: UInt16.self), isAllowed(code),
            String(validating: rest.readableBytesView, as: UTF8.self) != nil
        else { return nil }
        return [UInt8(code >> 8), UInt8(truncatingIfNeeded: code)]
    }

    /// Those of the protocol and its registry that may be on the wire, and those of programs.
    private static func isAllowed(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}

extension WebSocketCloseCode {
    /// What the client did, for the log.
    var words: String {
        switch self {
        case .protocolError: "it does not keep to RFC 6455"
        case .invalidText: "its text is not UTF-8"
        case .policyViolation: "too many frames"
        case .messageTooBig: "its message is too long"
        case .normal, .goingAway, .internalError, .tryAgainLater: "closed with \(rawValue)"
        }
    }
}
