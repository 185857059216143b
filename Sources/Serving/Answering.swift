import Linux
import NIOCore
import NIOHTTP1
import Values

/// The way out: from a whole request to the bytes of its answer.
extension Conversation {
    func answer(_ head: HTTPRequestHead, _ check: RequestCheck, _ context: ChannelHandlerContext) {
        let identifier = service.identifiers.next()
        let began = service.answered == nil ? 0 : Clock.monotonic
        let request = HTTPRequest(head, body: body, peer: peer, client: client, requestID: identifier)
        body = nil
        let manner = Manner(
            keepsAlive: check.keepsAlive, isOld: head.version.minor == 0,
            isHead: head.method == .HEAD)
        switch service.respond(request) {
        case .now(let response):
            phase = .waiting
            conclude(response, request, manner, began, context)
        case .webSocket(let handlers):
            upgrade(head, request, handlers, manner, began, context)
        case .later(let future):
            phase = .answering
            if isFlushWanted {
                isFlushWanted = false
                context.flush()
            }
            future.hop(to: context.eventLoop).assumeIsolated().whenComplete { result in
                guard case .answering = self.phase else { return }
                self.phase = .waiting
                switch result {
                case .success(let response): self.conclude(response, request, manner, began, context)
                case .failure: self.conclude(self.error(500, identifier), request, manner, began, context)
                }
                self.isFlushWanted = false
                context.flush()
                if case .waiting = self.phase { self.resume(context) }
            }
        }
    }

    func conclude(
        _ response: HTTPResponse, _ request: HTTPRequest, _ manner: Manner, _ began: UInt64,
        _ context: ChannelHandlerContext
    ) {
        service.answered?(
            Exchange(request, status: response.status, bytes: response.body.readableBytes, began: began))
        write(response, request.requestID, manner, context)
    }

    /// How the answer is to be put.
    struct Manner {
        var keepsAlive: Bool
        /// HTTP/1.0 keeps a connection only where both sides say so.
        var isOld: Bool
        var isHead: Bool
        /// The answer's `Upgrade` says what would be understood (RFC 9110 §7.8).
        var offersUpgrade = false

        var connection: String? {
            if offersUpgrade { return "close, Upgrade" }
            return keepsAlive ? isOld ? "keep-alive" : nil : "close"
        }
    }

    func error(_ status: Int, _ identifier: RequestID) -> HTTPResponse {
        HTTPResponse(status: status, body: service.errorBody(status, identifier))
    }

    /// Answers what is no proper request, and ends: what follows it cannot be told from its rest.
    func refuse(
        _ status: Int, _ reason: String, _ context: ChannelHandlerContext, malformed: HTTPRequestHead? = nil
    ) {
        if case .ending = phase { return }
        service.refusals.note(peer, .request(status: status, reason))
        let identifier = service.identifiers.next()
        let response = error(status, identifier)
        if let answered = service.answered {
            let head: HTTPRequestHead? = if case .receiving(let head, _) = phase { head } else { malformed }
            answered(
                Exchange(
                    head, peer: peer, client: client, requestID: identifier, status: status,
                    bytes: response.body.readableBytes))
        }
        write(
            response, identifier, Manner(keepsAlive: false, isOld: false, isHead: false), context)
    }

    func write(
        _ response: HTTPResponse, _ identifier: RequestID, _ manner: Manner, _ context: ChannelHandlerContext
    ) {
        if response.delivery != .whole { return play(response, identifier, context) }
        var manner = manner
        if isLast { manner.keepsAlive = false }
        extendDeadline()
        let hasNoBody = manner.isHead || ResponseWriter.hasNoBody(response.status)
        let length = hasNoBody ? 0 : response.body.readableBytes
        let copied = length <= ResponseWriter.copied ? length : 0
        var buffer = ResponseWriter.head(
            response, identifier, date: service.dates.now, connection: manner.connection, sent: copied,
            allocator: context.channel.allocator)
        if copied > 0 { buffer.writeImmutableBuffer(response.body) }
        if length > copied {
            context.write(wrapOutboundOut(buffer), promise: nil)
            buffer = response.body
        }
        if manner.keepsAlive {
            context.write(wrapOutboundOut(buffer), promise: nil)
            isFlushWanted = true
        } else {
            phase = .ending
            let written = context.eventLoop.makePromise(of: Void.self)
            written.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
            context.writeAndFlush(wrapOutboundOut(buffer), promise: written)
        }
    }

    /// The development manager's tricks.
    private func play(_ response: HTTPResponse, _ identifier: RequestID, _ context: ChannelHandlerContext) {
        extendDeadline()
        phase = .ending
        func send(_ count: Int) {
            var buffer = ResponseWriter.head(
                response, identifier, date: service.dates.now, connection: nil, sent: count,
                allocator: context.channel.allocator)
            var body = response.body
            if var part = body.readSlice(length: min(max(count, 0), body.readableBytes)) { buffer.writeBuffer(&part) }
            context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        }
        switch response.delivery {
        case .whole: break
        case .cut(let count):
            send(count)
            context.close(promise: nil)
        case .stalled(let count): send(count)
        case .dropped: context.close(promise: nil)
        case .reset: SocketTweaks.reset(context.channel)
        }
    }

    /// Ends an orderly connection.
    func close(_ context: ChannelHandlerContext) {
        phase = .ending
        context.close(promise: nil)
    }
}

extension HTTPRequest {
    fileprivate init(
        _ head: HTTPRequestHead, body: ByteBuffer?, peer: IPAddress, client: ClientIdentity?,
        requestID: RequestID
    ) {
        let uri = head.uri
        var path = uri
        var query: String?
        if let mark = uri.utf8.firstIndex(of: UInt8(ascii: "?")) {
            path = String(uri[..<mark])
            query = String(uri[uri.utf8.index(after: mark)...])
        }
        self.init(
            method: head.method.rawValue, path: path, query: query, headers: head.headers, body: body, peer: peer,
            client: client, requestID: requestID)
    }
}
