import NIOCore
import NIOPosix

/// Reads a descriptor that becomes readable now and then (signalfd, inotify) on the event loop: no thread waits for it.
enum DescriptorSource {
    /// Calls `handle` with what was read. The descriptor is the source's from here on, and closes with the channel.
    static func open(
        _ descriptor: Int32, on group: any EventLoopGroup, handle: @escaping @Sendable (ByteBuffer) -> Void
    ) async throws -> any Channel {
        try await NIOPipeBootstrap(group: group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(handle))
                }
            }
            .takingOwnershipOfDescriptor(input: descriptor).get()
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let handle: @Sendable (ByteBuffer) -> Void

        init(_ handle: @escaping @Sendable (ByteBuffer) -> Void) { self.handle = handle }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { handle(unwrapInboundIn(data)) }
    }
}
