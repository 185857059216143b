import Linux
import NIOCore
import NIOSSL

/// What NIO has no name for: socket options (tcp(7), socket(7)) and an end without ceremony.
enum SocketTweaks {
    /// Sends an acknowledgement that the kernel holds back, at once.
    ///
    /// A TLS 1.3 server has nothing to say after the client's second flight, so the kernel delays that flight's ACK by
    /// 40 ms, and the client's Nagle algorithm holds its request back for as long.
    static func acknowledge(_ channel: any Channel) {
        // TCP_QUICKACK, linux/tcp.h.
        try? channel.syncOptions?.setOption(.tcpOption(NIOBSDSocket.Option(rawValue: 12)), value: 1)
    }

    /// NIO's sockets are inherited by every program that is started: a child would hold the port, or keep a connection
    /// half open, after we are gone.
    static func keepFromChildren(_ channel: any Channel) {
        try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
            try closeOnExec($0)
        }
    }

    /// Closes the socket now, without TLS's farewell.
    static func cut(_ channel: any Channel) {
        channel.eventLoop.execute {
            let operations = channel.pipeline.syncOperations
            if let context = try? operations.context(handlerType: NIOSSLServerHandler.self) {
                context.close(promise: nil)
            } else {
                channel.close(promise: nil)
            }
        }
    }

    /// Closes with a TCP reset.
    static func reset(_ channel: any Channel) {
        // struct linger { on, seconds }, whose C name no import here shows.
        let linger = (CInt(1), CInt(0))
        let provider = channel as? any SocketOptionProvider
        provider?.unsafeSetSocketOption(level: .socket, name: .so_linger, value: linger).whenComplete { _ in }
        cut(channel)
    }
}
