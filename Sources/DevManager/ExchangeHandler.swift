import Linux
import NIOCore
import NIOHTTP1
import NIOSSL
import Values

/// Gathers one request after the other and delivers each answer as far as it is to arrive.
final class ExchangeHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// What axum takes by default, the manager's framework.
    static let bodyLimit = 2 << 20

    private let respond: @Sendable (Call) -> Answer
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(respond: @escaping @Sendable (Call) -> Answer) { self.respond = respond }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let part):
            if body.count <= Self.bodyLimit { body += part.readableBytesView }
        case .end:
            guard let head else { return }
            self.head = nil
            let answer =
                body.count > Self.bodyLimit
                ? .text(413, "length limit exceeded", note: "the body is too long") : respond(call(head, context))
            deliver(answer, to: head, context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Whoever sends no HTTP, or no TLS, has ended the conversation.
        context.close(promise: nil)
    }

    private func call(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) -> Call {
        let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let peer = context.remoteAddress?.ipAddress.flatMap { IPAddress($0) } ?? IPAddress(ipv4: 0)
        return Call(
            method: head.method.rawValue, path: parts.first.map(String.init) ?? "/",
            query: parts.count == 2 ? String(parts[1]) : nil, contentType: head.headers.first(name: "content-type"),
            body: body, peer: peer.unmapped)
    }

    private func deliver(_ answer: Answer, to request: HTTPRequestHead, _ context: ChannelHandlerContext) {
        switch answer.delivery {
        case .never: break
        case .closed: context.close(promise: nil)
        case .reset: Self.reset(context)
        case .whole:
            write(answer, answer.body, context)
            finish(context, keepsAlive: request.isKeepAlive)
        case .half:
            write(answer, Array(answer.body.prefix(answer.body.count / 2)), context)
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer())))).whenComplete { _ in
                bound.value.close(promise: nil)
            }
        case .slow:
            write(answer, [], context)
            context.flush()
            drip(answer.body[...], context)
        }
    }

    /// Head and body; the length that is announced is the whole answer's.
    private func write(_ answer: Answer, _ body: [UInt8], _ context: ChannelHandlerContext) {
        var headers = HTTPHeaders()
        headers.add(name: "date", value: (Clock.wall + answer.dateOffset).httpDate)
        if let type = answer.contentType { headers.add(name: "content-type", value: type) }
        headers.add(name: "content-length", value: String(answer.body.count))
        answer.headers.forEach { headers.add(name: $0.name, value: $0.value) }
        let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: answer.status), headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !body.isEmpty { context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil) }
    }

    private func finish(_ context: ChannelHandlerContext, keepsAlive: Bool) {
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            if !keepsAlive { bound.value.close(promise: nil) }
        }
    }

    /// One byte a second.
    private func drip(_ rest: ArraySlice<UInt8>, _ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        guard let byte = rest.first else { return finish(context, keepsAlive: false) }
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: [byte])))), promise: nil)
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .seconds(1)) {
            bound.value.0.drip(rest.dropFirst(), bound.value.1)
        }
    }

    /// Ends the connection below TLS, so that no farewell goes out before the reset (SO_LINGER of socket(7)).
    private static func reset(_ context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        let below = (try? pipeline.context(handlerType: NIOSSLServerHandler.self)) ?? context
        guard let options = context.channel as? any SocketOptionProvider else {
            return below.close(promise: nil)
        }
        let bound = NIOLoopBound(below, eventLoop: context.eventLoop)
        options.unsafeSetSocketOption(level: .socket, name: .so_linger, value: Linger(on: 1, seconds: 0))
            .whenComplete { _ in bound.value.close(promise: nil) }
    }
}

/// struct linger of socket(7).
private struct Linger: Sendable {
    var on: Int32
    var seconds: Int32
}
