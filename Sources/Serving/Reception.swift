import Linux
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Values

/// From a listening socket to a connection's pipeline.
enum Reception {
    /// The peer was turned away; it closes the connection and is told to nobody.
    private struct TurnedAway: Error {}

    static func listen(on address: ListenAddress, _ group: any EventLoopGroup, _ service: Service) -> EventLoopFuture<
        any Channel
    > {
        var bootstrap = bootstrap(group, service)
        if address.address.family == .ipv6 {
            bootstrap = bootstrap.serverChannelOption(
                ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only), value: address.isIPv6Only ? 1 : 0)
        }
        return bootstrap.bind(host: address.address.description, port: Int(address.port))
            .flatMapErrorThrowing { throw ListenError(address.description, $0) }
    }

    static func listen(inheriting descriptor: Int32, _ group: any EventLoopGroup, _ service: Service)
        -> EventLoopFuture<any Channel>
    {
        bootstrap(group, service).withBoundSocket(descriptor)
            .flatMapErrorThrowing { throw ListenError("inherited descriptor \(descriptor)", $0) }
    }

    private static func bootstrap(_ group: any EventLoopGroup, _ service: Service) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { listener in
                listener.eventLoop.makeCompletedFuture {
                    SocketTweaks.keepFromChildren(listener)
                    try listener.pipeline.syncOperations.addHandler(AcceptPause(service))
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try receive(channel, service) }
            }
    }

    private static func receive(_ channel: any Channel, _ service: Service) throws {
        guard let remote = channel.remoteAddress, let peer = IPAddress(remote), let listener = channel.parent else {
            throw TurnedAway()
        }
        guard service.admit(peer) else {
            service.refusals.note(peer, .notAdmitted)
            throw TurnedAway()
        }
        let material = service.tls.current
        guard material != nil || service.tls.isPlain else {
            service.refusals.note(peer, .noIdentity)
            throw TurnedAway()
        }
        let roster = service.roster
        guard !roster.isDraining, roster.enter(channel, peer, from: listener) == .admitted else {
            service.refusals.note(peer, .tooMany)
            throw TurnedAway()
        }
        channel.closeFuture.whenComplete { _ in roster.leave(channel, peer) }
        SocketTweaks.keepFromChildren(channel)
        let conversation = Conversation(service, peer, material)
        if let material { try channel.pipeline.syncOperations.addHandler(tls(material, conversation, channel)) }
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = service.limits.headBytes
        limits.maxHeaderListSize = service.limits.headBytes
        limits.maxHeaderFieldCount = 100
        try channel.pipeline.syncOperations.addHandler(
            ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits)))
        try channel.pipeline.syncOperations.addHandler(conversation)
    }

    private static func tls(
        _ material: TLSMaterial, _ conversation: Conversation, _ channel: any Channel
    ) -> NIOSSLServerHandler {
        var configuration = NIOSSLHandler.Configuration()
        configuration.maximumPreservedOutboundBufferCapacity = 4096
        guard material.asksForCertificate else {
            return NIOSSLServerHandler(context: material.context, configuration: configuration)
        }
        return NIOSSLServerHandler(
            context: material.context,
            customVerificationCallback: { chain, promise in
                // The client's second flight is here, and nothing goes back that could carry its acknowledgement.
                SocketTweaks.acknowledge(channel)
                conversation.verdict = material.judge(chain)
                promise.succeed(conversation.verdict == .accepted ? .certificateVerified : .failed)
            }, configuration: configuration)
    }
}

extension IPAddress {
    /// The peer as a whitelist knows it: IPv4 where the socket is a dual-stack one.
    init?(_ address: SocketAddress) {
        guard let text = address.ipAddress, let parsed = IPAddress(text) else { return nil }
        self = parsed.unmapped
    }
}
