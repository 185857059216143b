public import NIOCore
import NIOWebSocket
import Synchronization
public import Values

/// One open WebSocket, as a program holds it. It may be used from any thread, and after its end nothing that it is told
/// does anything.
public final class WebSocketPeer: Sendable {
    /// The request's that opened it.
    public let id: RequestID
    public let peer: IPAddress
    /// Whose certificate the connection showed; nil where none was asked for.
    public let client: ClientIdentity?

    private let channel: any Channel
    private let limit: Int
    /// Bytes that were handed over and that the kernel has not taken yet.
    private let waiting = Atomic<Int>(0)
    private let isOver = Atomic<Bool>(false)

    init(_ id: RequestID, _ peer: IPAddress, _ client: ClientIdentity?, _ channel: any Channel, limit: Bytes) {
        self.id = id
        self.peer = peer
        self.client = client
        self.channel = channel
        self.limit = Int(clamping: limit.count)
    }

    /// Sends a text message, in the order of the calls; its bytes have to be UTF-8.
    ///
    /// A client that reads too slowly is not waited for: once more than the limit would be waiting for it, its
    /// connection is closed with 1013, and this text and all later ones are dropped.
    public func send(_ text: ByteBuffer) {
        if isOver.load(ordering: .relaxed) { return }
        let size = text.readableBytes + WebSocketPeer.overhead
        let total = waiting.wrappingAdd(size, ordering: .relaxed).newValue
        guard total <= limit else { return close(.tryAgainLater) }
        let written = channel.eventLoop.makePromise(of: Void.self)
        written.futureResult.whenComplete { [self] _ in waiting.wrappingSubtract(size, ordering: .relaxed) }
        channel.writeAndFlush(WebSocketFrame(fin: true, opcode: .text, data: text), promise: written)
    }

    /// Ends the connection.
    public func close(_ code: WebSocketCloseCode = .normal) {
        guard end() else { return }
        channel.triggerUserOutboundEvent(WebSocketEnd(code: code), promise: nil)
    }

    /// Bytes that wait for the client to read them.
    var backlog: Int { waiting.load(ordering: .relaxed) }

    /// From now on nothing is sent; false where that was so already.
    @discardableResult func end() -> Bool { !isOver.exchange(true, ordering: .relaxed) }

    /// What a frame costs beside its text, so that empty ones are counted too.
    private static let overhead = 64
}

/// What a program does with the WebSockets of one resource. All are called on the connection's event loop and must not
/// block.
public struct WebSocketHandlers: Sendable {
    /// It is open: texts can be sent.
    public var onOpen: @Sendable (WebSocketPeer) -> Void
    /// A whole text message of the client's, valid UTF-8.
    public var onText: @Sendable (WebSocketPeer, ByteBuffer) -> Void
    /// It is over, for whatever reason; called exactly once for each that was opened.
    public var onClose: @Sendable (WebSocketPeer) -> Void

    public init(
        onOpen: @escaping @Sendable (WebSocketPeer) -> Void = { _ in },
        onText: @escaping @Sendable (WebSocketPeer, ByteBuffer) -> Void = { _, _ in },
        onClose: @escaping @Sendable (WebSocketPeer) -> Void = { _ in }
    ) {
        self.onOpen = onOpen
        self.onText = onText
        self.onClose = onClose
    }
}

/// Tells the connection to end.
struct WebSocketEnd: Sendable {
    let code: WebSocketCloseCode
}
