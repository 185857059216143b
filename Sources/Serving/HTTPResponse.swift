public import NIOCore

/// An answer. `Content-Length`, `Content-Type`, `Date`, `X-Request-Id` and, where it is needed, `Connection` are the
/// server's part.
public struct HTTPResponse: Sendable {
    public var status: Int
    public var contentType: String
    /// Beyond the standard ones; a `Date` here stands in the place of the server's. Names and values are the program's
    /// own: what a peer said must not get in here unchecked.
    public var headers: [(String, String)]
    public var body: ByteBuffer
    public var delivery: Delivery

    /// How much of the answer the peer gets to see; all but `.whole` are for a development manager that plays tricks.
    public enum Delivery: Hashable, Sendable {
        case whole
        /// The head and so many bytes of the body, then the connection ends with an orderly close.
        case cut(after: Int)
        /// The head and so many bytes of the body, then silence until the idle time is over.
        case stalled(after: Int)
        /// Nothing; the connection is closed.
        case dropped
        /// Nothing; the connection is reset.
        case reset
    }

    public init(
        status: Int = 200, headers: [(String, String)] = [], body: ByteBuffer = ByteBuffer(),
        contentType: String = "application/json", delivery: Delivery = .whole
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.contentType = contentType
        self.delivery = delivery
    }
}

/// What a responder gives back.
public enum Reply: Sendable {
    /// The answer is there already: nothing is waited for and nothing is allocated.
    case now(HTTPResponse)
    /// It comes later; the connection's next request waits until then. A failure is answered with 500.
    case later(EventLoopFuture<HTTPResponse>)
    /// The resource is a WebSocket (RFC 6455): who asks for one properly gets it, all others are told what is missing.
    case webSocket(WebSocketHandlers)
}

/// Answers a request. It is called on the connection's event loop and must not block.
public typealias Responder = @Sendable (HTTPRequest) -> Reply
