import NIOCore
import NIOHTTP1
import NIOSSL
import NIOTLS
import Values

/// One connection from its hand-shake to its end: it takes requests one by one, answers them in their order, and keeps
/// the time.
final class Conversation: ChannelInboundHandler, ChannelOutboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Phase {
        /// The next thing is a head.
        case waiting
        /// A head is there and its body is on the way.
        case receiving(HTTPRequestHead, RequestCheck)
        /// The responder has the request.
        case answering
        /// Nothing more is read.
        case ending
    }

    let service: Service
    let peer: IPAddress
    var phase = Phase.waiting
    var body: ByteBuffer?
    /// What came in while a request was being answered; reading stops meanwhile, so this is at most one read's worth.
    private(set) var queue = CircularBuffer<HTTPServerRequestPart>()
    private var isReadWanted = false
    var isFlushWanted = false
    /// nil where the connection is plain.
    let material: TLSMaterial?
    private var isShaking: Bool
    /// What our judge says of the client; nil before its certificate is there, and in a resumed session.
    var verdict: ClientVerdict?
    /// Who it is, once the hand-shake is over.
    private(set) var client: ClientIdentity?
    /// When patience ends; distant while the responder is at work.
    var deadline: NIODeadline
    private var timer: Scheduled<Void>?
    private var hasHadRequest = false
    /// The next answer ends the connection.
    var isLast = false

    init(_ service: Service, _ peer: IPAddress, _ material: TLSMaterial?) {
        self.service = service
        self.peer = peer
        self.material = material
        isShaking = material != nil
        deadline = .now() + TimeAmount(service.limits.firstRequest)
    }

    // MARK: life

    func handlerAdded(context: ChannelHandlerContext) {
        if !isShaking { service.roster.endHandshake(context.channel) }
        arm(context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    private func end() {
        phase = .ending
        queue.removeAll()
        body = nil
        timer?.cancel()
        timer = nil
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case TLSUserEvent.handshakeCompleted:
            isShaking = false
            service.roster.endHandshake(context.channel)
            welcome(context)
            // Whitelist or judge may have changed since it came.
            review(context)
        case is ChannelShouldQuiesceEvent:
            if case .waiting = phase, !isShaking { close(context) } else { isLast = true }
        case is ReviewEvent:
            review(context)
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    /// Who was not judged in the hand-shake, because the session is an earlier one's, is judged now.
    private func welcome(_ context: ChannelHandlerContext) {
        guard let material else { return }
        guard material.asksForCertificate else { return SocketTweaks.acknowledge(context.channel) }
        let leaf = Standing.leaf(context)
        client = material.identity(of: leaf)
        guard verdict == nil else { return }
        let verdict = material.judge(material.chain(of: leaf))
        self.verdict = verdict
        if case .refused(let reason) = verdict {
            service.refusals.note(peer, .client(reason.harmless(limit: 300)))
            close(context)
        }
    }

    /// Whether the peer would still be let in; a request under way is answered first.
    private func review(_ context: ChannelHandlerContext) {
        if isShaking { return }
        if case .ending = phase { return }
        guard let fault = Standing.fault(peer, material, service, context) else { return }
        service.refusals.note(peer, fault)
        if case .waiting = phase { close(context) } else { isLast = true }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case let error as HTTPParserError:
            let status = error == .headerOverflow ? 431 : error == .invalidVersion ? 505 : 400
            refuse(status, ParserWords.reason(of: error), context)
        case is ByteToMessageDecoderError:
            refuse(400, "not HTTP", context)
        default:
            if isShaking, let kind = HandshakeFault.kind(of: error, verdict: verdict) {
                service.refusals.note(peer, kind)
            }
            phase = .ending
            context.close(promise: nil)
        }
    }

    // MARK: time

    /// One timer a connection: when it fires before the deadline, because that has moved, it is set again.
    private func arm(_ context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.expire(context) }
    }

    private func expire(_ context: ChannelHandlerContext) {
        if case .answering = phase { deadline = .now() + TimeAmount(service.limits.idle) }
        guard deadline <= .now() else { return arm(context) }
        timer = nil
        if case .receiving = phase { return refuse(408, "the body did not come in time", context) }
        if !hasHadRequest { service.refusals.note(peer, .slow) }
        close(context)
    }

    func extendDeadline() { deadline = .now() + TimeAmount(service.limits.idle) }

    // MARK: reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        switch phase {
        case .ending: break
        case .answering: queue.append(part)
        case .waiting, .receiving: take(part, context)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if isFlushWanted {
            isFlushWanted = false
            context.flush()
        }
        context.fireChannelReadComplete()
    }

    /// Nothing is read while a request is being answered, nor while the peer does not take its answers.
    func read(context: ChannelHandlerContext) {
        if case .answering = phase { isReadWanted = true } else if canWrite(context) { context.read() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if isReadWanted, context.channel.isWritable { read(context: context) }
        context.fireChannelWritabilityChanged()
    }

    private func canWrite(_ context: ChannelHandlerContext) -> Bool {
        if case .ending = phase { return true }
        isReadWanted = !context.channel.isWritable
        return !isReadWanted
    }

    /// The answer is out: goes on with what had come in meanwhile.
    func resume(_ context: ChannelHandlerContext) {
        while let part = queue.popFirst() {
            take(part, context)
            if case .answering = phase { return }
            if case .ending = phase { return }
        }
        if isReadWanted { read(context: context) }
    }

    private func take(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        switch part {
        case .head(let head):
            hasHadRequest = true
            begin(head, context)
        case .body(var bytes):
            guard case .receiving = phase else { return }
            let total = (body?.readableBytes ?? 0) + bytes.readableBytes
            guard total <= service.limits.bodyBytes else { return refuse(413, "the body is too long", context) }
            if body == nil { body = bytes } else { body?.writeBuffer(&bytes) }
        case .end:
            guard case .receiving(let head, let check) = phase else { return }
            answer(head, check, context)
        }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        switch RequestCheck.check(head, bodyLimit: service.limits.bodyBytes) {
        case .refused(let status, let reason):
            refuse(status, reason, context, malformed: head)
        case .accepted(let check):
            phase = .receiving(head, check)
            guard check.bodyLength != 0 else { return }
            extendDeadline()
            if check.expectsContinue {
                context.writeAndFlush(
                    wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
            }
        }
    }
}
