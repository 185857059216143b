public import Values

/// What one peer, and all of them together, may cost the server.
public struct ServerLimits: Hashable, Sendable {
    /// From accept to the end of the first request's head: one deadline for hand-shake and head together.
    public var firstRequest = Interval.seconds(10)
    /// Between two requests of one connection, and for a request's body.
    public var idle = Interval.seconds(60)
    public var connections = 1024
    public var connectionsPerPeer = 128
    /// Hand-shakes under way at once; further connections wait in the kernel's queue.
    public var handshakes = 256
    public var head = Bytes.kibibytes(16)
    public var body = Bytes.mebibytes(1)
    public var webSockets = WebSocketLimits()

    public init() {}
}

extension ServerLimits {
    var bodyBytes: Int { Int(clamping: body.count) }
    var headBytes: Int { Int(clamping: head.count) }
}
