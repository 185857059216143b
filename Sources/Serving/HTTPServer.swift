public import NIOCore
import NIOPosix
import Synchronization
public import Values

/// Listening sockets and the connections that came through them.
///
/// The calls that return futures never touch Swift's cooperative pool, whose monitor wakes the process every second
/// once it has been used; the `async` ones stay on the caller's executor.
public final class HTTPServer: Sendable {
    private let listeners: [any Channel]
    private let service: Service
    private let isClosing = Mutex(false)

    private init(_ listeners: [any Channel], _ service: Service) {
        self.listeners = listeners
        self.service = service
    }

    /// Listens on each of `addresses` and takes over each of the `inherited` descriptors, which are bound already.
    ///
    /// `admit` is asked at accept, before TLS, and who is not admitted is closed without a word. `refused` is for the
    /// log: it is held back already where one peer repeats itself. `errorBody` makes the body of an answer that the
    /// server gives by itself: 400, 403, 405, 408, 413, 417, 426, 431, 500, 503, 505. `answered` is told each request and
    /// its status. All of them and `respond` are called on event loops and must not block. Where one address cannot be had, none is.
    public nonisolated(nonsending) static func bind(
        to addresses: [ListenAddress], inherited: [Int32] = [], group: any EventLoopGroup, tls: TLSHolder,
        limits: ServerLimits = ServerLimits(), admit: @escaping @Sendable (IPAddress) -> Bool,
        refused: @escaping @Sendable (Refusal) -> Void = { _ in },
        errorBody: @escaping @Sendable (_ status: Int, RequestID) -> ByteBuffer = { _, _ in ByteBuffer() },
        answered: (@Sendable (Exchange) -> Void)? = nil,
        respond: @escaping Responder
    ) async throws(ListenError) -> HTTPServer {
        let start = binding(
            to: addresses, inherited: inherited, group: group, tls: tls, limits: limits, admit: admit,
            refused: refused, errorBody: errorBody, answered: answered, respond: respond)
        switch await start.outcome() {
        case .success(let server): return server
        case .failure(let error): throw error as? ListenError ?? ListenError("the port", error)
        }
    }

    /// `bind` for those who wait otherwise; the future fails with a `ListenError`.
    public static func binding(
        to addresses: [ListenAddress], inherited: [Int32] = [], group: any EventLoopGroup, tls: TLSHolder,
        limits: ServerLimits = ServerLimits(), admit: @escaping @Sendable (IPAddress) -> Bool,
        refused: @escaping @Sendable (Refusal) -> Void = { _ in },
        errorBody: @escaping @Sendable (_ status: Int, RequestID) -> ByteBuffer = { _, _ in ByteBuffer() },
        answered: (@Sendable (Exchange) -> Void)? = nil,
        respond: @escaping Responder
    ) -> EventLoopFuture<HTTPServer> {
        let service = Service(
            limits: limits, tls: tls, admit: admit, refused: refused, errorBody: errorBody, answered: answered,
            respond: respond)
        let loop = group.any()
        let starts =
            inherited.map { Reception.listen(inheriting: $0, group, service) }
            + addresses.map { Reception.listen(on: $0, group, service) }
        return EventLoopFuture.whenAllComplete(starts, on: loop).flatMap { results in
            let listeners = results.compactMap { try? $0.get() }
            for case .failure(let error) in results {
                let closed = listeners.map { $0.close() }
                return EventLoopFuture.andAllComplete(closed, on: loop).flatMapThrowing { throw error }
            }
            return loop.makeSucceededFuture(HTTPServer(listeners, service))
        }
    }

    /// Where it listens, with the ports that the kernel chose.
    public var addresses: [ListenAddress] {
        listeners.compactMap { listener in
            guard let local = listener.localAddress, let text = local.ipAddress, let address = IPAddress(text) else {
                return nil
            }
            return ListenAddress(address, port: UInt16(clamping: local.port ?? 0))
        }
    }

    /// Connections that are open, those in their hand-shake included.
    public var connectionCount: Int { service.roster.count }

    /// Stops accepting, lets requests under way finish with `Connection: close`, closes idle connections, and returns
    /// when all are gone, at the latest after `within`: what is left then is cut.
    public nonisolated(nonsending) func drain(within limit: Interval) async {
        _ = await draining(within: limit).outcome()
    }

    /// `drain` for those who wait otherwise; the future never fails.
    public func draining(within limit: Interval) -> EventLoopFuture<Void> {
        let loop = listeners.first?.eventLoop ?? MultiThreadedEventLoopGroup.singleton.any()
        let emptied = loop.makePromise(of: Void.self)
        let roster = service.roster
        isClosing.withLock { $0 = true }
        EventLoopFuture.andAllComplete(listeners.map { $0.close() }, on: loop).whenComplete { _ in
            roster.drain(emptied)
            for channel in roster.channels {
                channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
            }
            let timer = loop.scheduleTask(in: TimeAmount(limit)) {
                for channel in roster.channels { SocketTweaks.cut(channel) }
            }
            emptied.futureResult.whenComplete { _ in timer.cancel() }
        }
        return emptied.futureResult
    }

    /// Calls `act` for each listening socket that ends although nobody here wanted it: another process that has it shut
    /// it down, or somebody destroyed it (`ss --kill`). Nobody can connect to it any more.
    public func whenLost(_ act: @escaping @Sendable () -> Void) {
        for listener in listeners {
            listener.closeFuture.whenComplete { [weak self] _ in
                if self?.isClosing.withLock({ $0 }) == false { act() }
            }
        }
    }

    /// Asks whitelist and judge again, after one of them changed: closes the connections of those who would be turned
    /// away if they came now, be it that a certificate was revoked meanwhile. All others go on undisturbed.
    public func review() {
        for channel in service.roster.channels { channel.pipeline.fireUserInboundEventTriggered(ReviewEvent()) }
    }
}

/// Tells a connection to ask whether its peer may stay.
struct ReviewEvent: Sendable {}

extension EventLoopFuture where Value: Sendable {
    /// Its result, without leaving the caller's executor.
    nonisolated(nonsending) func outcome() async -> Result<Value, any Error> {
        await withCheckedContinuation { continuation in whenComplete { continuation.resume(returning: $0) } }
    }
}
