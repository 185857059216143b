import NIOCore
import NIOHTTP1
import NIOSSL
import Values

/// What a failed hand-shake says to the log.
enum HandshakeFault {
    /// nil for a peer that connects and goes, as port checks do: that is no fault of anybody's.
    static func kind(of error: any Error, verdict: ClientVerdict?) -> Refusal.Kind? {
        if case .refused(let reason) = verdict { return .client(reason.harmless(limit: 300)) }
        guard let error = error as? NIOSSLError, case .handshakeFailed(let inner) = error else { return nil }
        if case .sslError(let stack) = inner, stack.contains(where: { $0 == .eofDuringHandshake }) { return nil }
        return .handshake(TLSWords.reason(of: error))
    }
}

/// What the parser stumbled over, in plain words.
enum ParserWords {
    static func reason(of error: HTTPParserError) -> String {
        switch error {
        case .headerOverflow: "the head is too long"
        case .invalidVersion: "an HTTP version nobody knows"
        case .invalidMethod: "a method nobody knows"
        case .invalidHeaderToken: "a header that is none"
        case .invalidContentLength, .unexpectedContentLength: "Content-Length is not one number"
        case .invalidChunkSize: "a chunk without a proper size"
        default: "not HTTP"
        }
    }
}
