import Linux
import NIOCore
import NIOWebSocket
import Values

/// One WebSocket from its opening to its end: what a client may send, what it gets, and whether it is still there.
///
/// NIO's decoder refuses frames that are too long before their bytes are there, and fragmented or long control frames;
/// everything else that RFC 6455 forbids is refused here.
final class WebSocketConversation: ChannelInboundHandler, ChannelOutboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private enum Phase {
        case open
        /// Our close frame is out: what comes is not looked at but for the other side's.
        case closing
        case over
    }

    private let service: Service
    private let handlers: WebSocketHandlers
    private let peer: WebSocketPeer
    private let material: TLSMaterial?
    private var limits: WebSocketLimits { service.limits.webSockets }
    private var phase = Phase.open
    private var message: MessageAssembly
    private var bucket: TokenBucket
    /// Pings since anything came in.
    private var unanswered = 0
    private var timer: Scheduled<Void>?

    init(_ service: Service, _ peer: WebSocketPeer, _ material: TLSMaterial?, _ handlers: WebSocketHandlers) {
        self.service = service
        self.peer = peer
        self.material = material
        self.handlers = handlers
        let limits = service.limits.webSockets
        message = MessageAssembly(limit: Int(clamping: limits.message.count))
        bucket = TokenBucket(limits.frames, at: Clock.monotonic)
    }

    // MARK: life

    /// The answer is out and this connection speaks frames from now on.
    func open(_ context: ChannelHandlerContext) {
        guard case .open = phase else { return }
        armPing(context)
        handlers.onOpen(peer)
        // A read may have been held back by whoever was here before.
        context.read()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    private func end() {
        if case .over = phase { return }
        phase = .over
        timer?.cancel()
        timer = nil
        peer.end()
        service.sockets.leave()
        handlers.onClose(peer)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent: finish(.goingAway, context)
        case is ReviewEvent:
            guard case .open = phase, let fault = Standing.fault(peer.peer, material, service, context) else { return }
            service.refusals.note(peer.peer, fault)
            finish(.policyViolation, context)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let fault = error as? NIOWebSocketError else {
            if case .open = phase { context.close(promise: nil) }
            return
        }
        fail(fault.isTooLong ? .messageTooBig : .protocolError, context)
        // The decoder reads nothing after that, the other side's farewell neither.
        context.close(promise: nil)
    }

    // MARK: the way in

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        unanswered = 0
        switch phase {
        case .over: return
        case .closing:
            if frame.opcode == .connectionClose { context.close(promise: nil) }
        case .open: take(frame, context)
        }
    }

    private func take(_ frame: WebSocketFrame, _ context: ChannelHandlerContext) {
        guard frame.maskKey != nil, !frame.rsv1, !frame.rsv2, !frame.rsv3 else { return fail(.protocolError, context) }
        if frame.opcode == .connectionClose { return farewell(frame.unmaskedData, context) }
        guard bucket.take(limits.frames, at: Clock.monotonic) == nil else { return fail(.policyViolation, context) }
        switch frame.opcode {
        case .ping: answer(frame.unmaskedData, context)
        case .pong: break
        case .text, .binary, .continuation:
            do throws(MessageAssembly.Fault) {
                if let text = try message.add(frame) { handlers.onText(peer, text) }
            } catch {
                fail(error.code, context)
            }
        default: fail(.protocolError, context)
        }
    }

    /// A pong for whoever reads; for one that does not, there will be another ping.
    private func answer(_ payload: ByteBuffer, _ context: ChannelHandlerContext) {
        guard context.channel.isWritable else { return }
        context.writeAndFlush(wrapOutboundOut(WebSocketFrame(fin: true, opcode: .pong, data: payload)), promise: nil)
    }

    /// The other side ends it: its code goes back, and the connection is closed.
    private func farewell(_ payload: ByteBuffer, _ context: ChannelHandlerContext) {
        guard let code = CloseFrame.answer(to: payload) else { return fail(.protocolError, context) }
        say(code, context)
        context.close(promise: nil)
    }

    // MARK: the way out

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .open = phase else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        context.write(data, promise: promise)
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard let end = event as? WebSocketEnd else {
            return context.triggerUserOutboundEvent(event, promise: promise)
        }
        if end.code == .tryAgainLater {
            service.refusals.note(peer.peer, .webSocket("it does not read what it is sent"))
        }
        finish(end.code, context)
        promise?.succeed()
    }

    /// Ends it for something that the client did.
    private func fail(_ code: WebSocketCloseCode, _ context: ChannelHandlerContext) {
        if case .open = phase { service.refusals.note(peer.peer, .webSocket(code.words)) }
        finish(code, context)
    }

    private func finish(_ code: WebSocketCloseCode, _ context: ChannelHandlerContext) {
        say([UInt8(code.rawValue >> 8), UInt8(truncatingIfNeeded: code.rawValue)], context)
    }

    /// Sends the close frame; who does not answer it in time is cut off.
    private func say(_ payload: [UInt8], _ context: ChannelHandlerContext) {
        guard case .open = phase else { return }
        peer.end()
        message.reset()
        let frame = WebSocketFrame(fin: true, opcode: .connectionClose, data: ByteBuffer(bytes: payload))
        context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
        phase = .closing
        timer?.cancel()
        let channel = context.channel
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limits.farewell)) {
            SocketTweaks.cut(channel)
        }
    }

    // MARK: time

    private func armPing(_ context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limits.ping)) { self.ping(context) }
    }

    private func ping(_ context: ChannelHandlerContext) {
        guard case .open = phase else { return }
        guard unanswered < 2 else {
            service.refusals.note(peer.peer, .webSocket("it answered no ping"))
            return SocketTweaks.cut(context.channel)
        }
        unanswered += 1
        context.writeAndFlush(
            wrapOutboundOut(WebSocketFrame(fin: true, opcode: .ping, data: ByteBuffer())), promise: nil)
        armPing(context)
    }
}

extension NIOWebSocketError {
    fileprivate var isTooLong: Bool { if case .invalidFrameLength = self { true } else { false } }
}
