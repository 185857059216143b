import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// One request over a connection of its own.
struct Exchange: Sendable {
    enum Route: Sendable {
        /// A socket of the file system.
        case socket(String)
        /// TLS; `name` is sent as SNI and checked, without one the address is.
        case tls(host: String, port: Int, context: NIOSSLContext, name: String?)
    }

    struct Reply: Sendable {
        var status: Int
        var headers: HTTPHeaders
        var body: [UInt8]
    }

    var route: Route
    var method = "GET"
    /// Path and query.
    var target: String
    var host = "localhost"
    var contentType: String?
    var body: [UInt8] = []
    /// For all of it, as the manager's client has it.
    var limit = TimeAmount.seconds(30)
    /// Of the answer, in bytes.
    var bodyLimit = 16 << 20

    func send(in group: any EventLoopGroup) async throws -> Reply {
        let loop = group.next()
        let promise = loop.makePromise(of: Reply.self)
        let deadline = loop.scheduleTask(in: limit) { promise.fail(Silence()) }
        defer { deadline.cancel() }
        let bootstrap = ClientBootstrap(group: loop).connectTimeout(limit)
            .channelInitializer { [bodyLimit] channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if case .tls(_, _, let context, let name) = route {
                        try pipeline.addHandler(NIOSSLClientHandler(context: context, serverHostname: name))
                    }
                    try pipeline.addHTTPClientHandlers()
                    try pipeline.addHandler(ReplyGatherer(promise, bodyLimit: bodyLimit))
                }
            }
        let channel: any Channel
        do {
            switch route {
            case .socket(let path): channel = try await bootstrap.connect(unixDomainSocketPath: path).get()
            case .tls(let host, let port, _, _): channel = try await bootstrap.connect(host: host, port: port).get()
            }
        } catch {
            promise.fail(error)
            _ = try? await promise.futureResult.get()
            throw error
        }
        write(to: channel, promise)
        defer { channel.close(promise: nil) }
        return try await promise.futureResult.get()
    }

    private func write(to channel: any Channel, _ promise: EventLoopPromise<Reply>) {
        var headers = HTTPHeaders([("host", host), ("accept", "*/*"), ("connection", "close")])
        if let contentType { headers.add(name: "content-type", value: contentType) }
        if !body.isEmpty || method == "POST" { headers.add(name: "content-length", value: String(body.count)) }
        let head = HTTPRequestHead(version: .http1_1, method: .init(rawValue: method), uri: target, headers: headers)
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        if !body.isEmpty {
            channel.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: body))), promise: nil)
        }
        channel.writeAndFlush(HTTPClientRequestPart.end(nil)).cascadeFailure(to: promise)
    }
}

/// Nobody answered in time.
struct Silence: Error, CustomStringConvertible {
    var description: String { "no whole answer in time" }
}

/// The connection ended before the answer did.
struct CutOff: Error, CustomStringConvertible {
    var description: String { "the connection ended before the answer did" }
}

/// More than anybody should send.
struct Overlong: Error, CustomStringConvertible {
    var description: String { "the answer is too long" }
}

private final class ReplyGatherer: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private let promise: EventLoopPromise<Exchange.Reply>
    private let bodyLimit: Int
    private var reply: Exchange.Reply?

    init(_ promise: EventLoopPromise<Exchange.Reply>, bodyLimit: Int) {
        self.promise = promise
        self.bodyLimit = bodyLimit
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): reply = Exchange.Reply(status: Int(head.status.code), headers: head.headers, body: [])
        case .body(let part):
            reply?.body += part.readableBytesView
            guard let count = reply?.body.count, count > bodyLimit else { return }
            promise.fail(Overlong())
            context.close(promise: nil)
        case .end:
            if let reply { promise.succeed(reply) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { promise.fail(CutOff()) }
}
