public import NIOCore
public import NIOHTTP1
public import Values

/// A request as it arrived, whole: its head is within the limits, its body is at an end.
public struct HTTPRequest: Sendable {
    /// In the client's spelling, such as `GET`.
    public let method: String
    /// The target up to its `?`, still percent-encoded; it begins with `/`.
    public let path: String
    /// What follows the first `?`, still percent-encoded.
    public let query: String?
    public let body: ByteBuffer?
    /// Where the connection comes from; an IPv4 peer of an IPv6 socket as its IPv4 address.
    public let peer: IPAddress
    /// Whose certificate the connection showed; nil where none was asked for.
    public let client: ClientIdentity?
    /// What the answer's `X-Request-Id` says.
    public let requestID: RequestID
    public let headers: HTTPHeaders

    public init(
        method: String, path: String, query: String? = nil, headers: HTTPHeaders = [:], body: ByteBuffer? = nil,
        peer: IPAddress, client: ClientIdentity? = nil, requestID: RequestID
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.peer = peer
        self.client = client
        self.requestID = requestID
    }

    /// The first value of a header, its name in any case.
    public func header(_ name: String) -> String? { headers.first(name: name) }
}
