import NIOCore
import NIOHTTP1
import NIOWebSocket
import Synchronization
import Values

/// From HTTP to WebSocket.
extension Conversation {
    /// Answers 101 and leaves the connection to a `WebSocketConversation`, or says why not.
    func upgrade(
        _ head: HTTPRequestHead, _ request: HTTPRequest, _ handlers: WebSocketHandlers, _ manner: Manner,
        _ began: UInt64, _ context: ChannelHandlerContext
    ) {
        phase = .waiting
        var response: HTTPResponse
        var manner = manner
        switch UpgradeCheck.check(head, hasBody: request.body != nil) {
        case .accepted(let key):
            // What is stopping opens nothing new; and HTTP behind an upgrade would be no WebSocket.
            if !isLast, queue.isEmpty, service.sockets.enter(atMost: service.limits.webSockets.count) {
                return become(handlers, request, key, began, context)
            }
            response = error(503, request.requestID)
            response.headers.append(("Retry-After", "30"))
        case .refused(let status, _, let headers):
            response = error(status, request.requestID)
            response.headers += headers.map { ($0.name, $0.value) }
            manner.offersUpgrade = status == 426
        }
        manner.keepsAlive = false
        conclude(response, request, manner, began, context)
    }

    private func become(
        _ handlers: WebSocketHandlers, _ request: HTTPRequest, _ key: String, _ began: UInt64,
        _ context: ChannelHandlerContext
    ) {
        phase = .ending
        let limits = service.limits.webSockets
        let answer = ResponseWriter.switching(key, request.requestID, date: service.dates.now)
        context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
        service.answered?(Exchange(request, status: 101, bytes: 0, began: began))
        let channel = context.channel
        let webSocket = WebSocketConversation(
            service, WebSocketPeer(request.requestID, peer, client, channel, limit: limits.waiting), material, handlers)
        let pipeline = context.pipeline.syncOperations
        do {
            let decoder = try pipeline.context(handlerType: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandlers(
                [
                    WebSocketFrameEncoder() as any ChannelHandler,
                    ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: limits.frameBytes)), webSocket,
                ], position: .after(self))
            let own = try pipeline.context(handler: webSocket)
            pipeline.removeHandler(context: context, promise: nil)
            // It hands on, in a moment, what came behind the request.
            pipeline.removeHandler(context: decoder, promise: nil)
            webSocket.open(own)
        } catch {
            service.sockets.leave()
            channel.close(promise: nil)
        }
    }
}

/// How many WebSockets are open.
final class SocketCount: Sendable {
    private let count = Atomic<Int>(0)

    func enter(atMost limit: Int) -> Bool {
        if count.wrappingAdd(1, ordering: .relaxed).newValue <= limit { return true }
        leave()
        return false
    }

    func leave() { count.wrappingSubtract(1, ordering: .relaxed) }
}

extension WebSocketLimits {
    var frameBytes: Int { Int(clamping: min(message.count, 1 << 20)) }
}
