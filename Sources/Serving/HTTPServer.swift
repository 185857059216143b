public import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
public import Values

/// Listening sockets and the connections that came through them.
public final class HTTPServer: Sendable {
    private let listeners: [any Channel]
    private let service: Service

    private init(_ listeners: [any Channel], _ service: Service) {
        self.listeners = listeners
        self.service = service
    }

    /// Listens on each of `addresses` and takes over each of the `inherited` descriptors, which are bound already.
    ///
    /// - Parameters:
    ///   - admit: asked at accept, before TLS; who is not admitted is closed without a word.
    ///   - refused: for the log; already held back where one peer repeats itself. Called on event loops.
    ///   - errorBody: the body of an answer that the server gives by itself: 400, 408, 413, 417, 431, 500, 505.
    ///   - respond: called on the connection's event loop.
    /// - Throws: for the first that cannot be had; the others are let go again.
    public static func bind(
        to addresses: [ListenAddress], inherited: [Int32] = [], group: any EventLoopGroup, tls: TLSHolder,
        limits: ServerLimits = ServerLimits(), admit: @escaping @Sendable (IPAddress) -> Bool,
        refused: @escaping @Sendable (Refusal) -> Void = { _ in },
        errorBody: @escaping @Sendable (_ status: Int, RequestID) -> ByteBuffer = { _, _ in ByteBuffer() },
        respond: @escaping Responder
    ) async throws(ListenError) -> HTTPServer {
        let service = Service(
            limits: limits, tls: tls, admit: admit, refused: refused, errorBody: errorBody, respond: respond)
        var listeners: [any Channel] = []
        do throws(ListenError) {
            for descriptor in inherited {
                let bootstrap = Reception.bootstrap(group, service, isIPv6Only: nil)
                listeners.append(
                    try await Reception.listen("descriptor \(descriptor)") { bootstrap.withBoundSocket(descriptor) })
            }
            for address in addresses {
                let bootstrap = Reception.bootstrap(
                    group, service, isIPv6Only: address.address.family == .ipv6 ? address.isIPv6Only : nil)
                listeners.append(
                    try await Reception.listen(address.description) {
                        bootstrap.bind(host: address.address.description, port: Int(address.port))
                    })
            }
        } catch {
            for listener in listeners { try? await listener.close() }
            throw error
        }
        return HTTPServer(listeners, service)
    }

    /// Where it listens, with the ports that the kernel chose.
    public var addresses: [ListenAddress] {
        listeners.compactMap { listener in
            guard let local = listener.localAddress, let address = IPAddress(local) else { return nil }
            return ListenAddress(address, port: UInt16(clamping: local.port ?? 0))
        }
    }

    /// Connections that are open, those in their hand-shake included.
    public var connectionCount: Int { service.roster.count }

    /// Stops accepting, lets requests under way finish with `Connection: close`, closes idle connections, and returns
    /// when all are gone, at the latest after `within`; what is left then is cut.
    public func drain(within limit: Interval) async {
        for listener in listeners { try? await listener.close() }
        let loop = listeners.first?.eventLoop ?? MultiThreadedEventLoopGroup.singleton.any()
        let emptied = loop.makePromise(of: Void.self)
        service.roster.drain(emptied)
        for channel in service.roster.channels {
            channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        }
        let roster = service.roster
        let timer = loop.scheduleTask(in: TimeAmount(limit)) {
            for channel in roster.channels { SocketTweaks.cut(channel) }
        }
        try? await emptied.futureResult.get()
        timer.cancel()
    }

    /// Asks the whitelist again, after it changed, and closes the connections of those who are no longer admitted.
    public func dismissUnadmitted() {
        for channel in service.roster.channels {
            guard let remote = channel.remoteAddress, let peer = IPAddress(remote), !service.admit(peer) else {
                continue
            }
            service.refusals.note(peer, .notAdmitted)
            channel.close(promise: nil)
        }
    }
}
