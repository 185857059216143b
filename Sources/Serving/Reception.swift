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

    static func bootstrap(_ group: any EventLoopGroup, _ service: Service, isIPv6Only: Bool?) -> ServerBootstrap {
        var bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            // Without it, running out of descriptors is a busy loop.
            .serverChannelInitializer { listener in
                listener.eventLoop.makeCompletedFuture {
                    try listener.pipeline.syncOperations.addHandler(AcceptBackoffHandler())
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try receive(channel, service) }
            }
        if let isIPv6Only {
            bootstrap = bootstrap.serverChannelOption(
                ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only), value: isIPv6Only ? 1 : 0)
        }
        return bootstrap
    }

    static func listen(_ subject: String, _ start: () -> EventLoopFuture<any Channel>) async throws(ListenError)
        -> any Channel
    {
        do {
            return try await start().get()
        } catch let error as IOError {
            throw ListenError(subject, code: error.errnoCode)
        } catch {
            throw ListenError(subject, reason: String(describing: error))
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
        let conversation = Conversation(service, peer, isPlain: material == nil)
        if let material { try channel.pipeline.syncOperations.addHandler(tls(material, conversation, channel)) }
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = service.limits.headBytes
        limits.maxHeaderListSize = service.limits.headBytes
        limits.maxHeaderFieldCount = 100
        try channel.pipeline.syncOperations.addHandler(
            ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: limits)))
        try channel.pipeline.syncOperations.addHandler(conversation)
    }

    private static func tls(
        _ material: TLSMaterial, _ conversation: Conversation, _ channel: any Channel
    ) -> NIOSSLServerHandler {
        var configuration = NIOSSLHandler.Configuration()
        configuration.maximumPreservedOutboundBufferCapacity = 4096
        guard let verify = material.verify else {
            return NIOSSLServerHandler(context: material.context, configuration: configuration)
        }
        return NIOSSLServerHandler(
            context: material.context,
            customVerificationCallback: { [unowned conversation] chain, promise in
                // The client's second flight is here, and nothing goes back that could carry its acknowledgement.
                SocketTweaks.acknowledge(channel)
                let encoded = chain.compactMap { try? $0.toDERBytes() }
                switch encoded.count == chain.count ? verify(encoded) : .refused(reason: "it cannot be encoded") {
                case .accepted: promise.succeed(.certificateVerified)
                case .refused(let reason):
                    conversation.verdict = reason.harmless(limit: 300)
                    promise.succeed(.failed)
                }
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
