import Linux
import NIOHTTP1
public import Values

/// A request and what was answered, for whoever keeps account of it.
public struct Exchange: Sendable {
    /// What its answer's `X-Request-Id` said.
    public let requestID: RequestID
    public let peer: IPAddress
    public let client: ClientIdentity?
    /// nil where what came is no request that could be read.
    public let method: String?
    /// The target as the client spelled it, its query included; nil as the method.
    public let target: String?
    public let status: Int
    /// Of the answer's body.
    public let bytes: Int
    /// From the end of the request to the answer being handed to the connection.
    public let duration: Interval

    init(_ request: HTTPRequest, status: Int, bytes: Int, began: UInt64) {
        requestID = request.requestID
        peer = request.peer
        client = request.client
        method = request.method
        target = request.query.map { "\(request.path)?\($0)" } ?? request.path
        self.status = status
        self.bytes = bytes
        duration = Interval(microseconds: Int64(clamping: Clock.monotonic - began))
    }

    init(
        _ head: HTTPRequestHead?, peer: IPAddress, client: ClientIdentity?, requestID: RequestID, status: Int,
        bytes: Int
    ) {
        self.requestID = requestID
        self.peer = peer
        self.client = client
        method = head?.method.rawValue
        target = head?.uri
        self.status = status
        self.bytes = bytes
        duration = .seconds(0)
    }
}
