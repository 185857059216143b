public import Values

/// What WebSocket connections may cost the server.
public struct WebSocketLimits: Hashable, Sendable {
    /// Open ones of all peers together; further ones are answered with 503.
    public var count = 64
    /// One message with all its fragments; a longer one ends the connection with 1009.
    public var message = Bytes.kibibytes(4)
    /// Frames that a client may send, control frames and fragments included; more end the connection with 1008.
    public var frames = TokenBucket.Rate(perMinute: 600, burst: 30)
    /// What may wait for one client to read it; more ends the connection with 1013.
    public var waiting = Bytes.kibibytes(256)
    /// Between two pings of ours. Who was silent for two of them is gone.
    public var ping = Interval.seconds(30)
    /// How long the other side may take for its part of the closing hand-shake.
    public var farewell = Interval.seconds(2)

    public init() {}
}

/// Why a WebSocket ends (RFC 6455 §7.4.1, and 1013 of its registry).
public enum WebSocketCloseCode: UInt16, Sendable {
    case normal = 1000
    /// The server is stopping.
    case goingAway = 1001
    case protocolError = 1002
    /// A text that is not UTF-8.
    case invalidText = 1007
    /// Too many frames, or the client would not be let in any more.
    case policyViolation = 1008
    case messageTooBig = 1009
    case internalError = 1011
    /// The client does not read as fast as there is something to say: it may come again.
    case tryAgainLater = 1013
}
