import Linux
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization
import Values

/// The certificate that new connections see; it may change while the manager runs.
final class ServedIdentity: Sendable {
    private let current: Mutex<NIOSSLContext>

    init(_ context: NIOSSLContext) { current = Mutex(context) }

    var context: NIOSSLContext {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }

    /// TLS 1.2 or newer, as public endpoints of managers are; nobody is asked for a certificate.
    static func context(certificatePEM: String, key: PrivateKeyText) throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMBytes(Array(certificatePEM.utf8)).map {
            NIOSSLCertificateSource.certificate($0)
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain,
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.pem.utf8), format: .pem)))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        return try NIOSSLContext(configuration: configuration)
    }
}

/// A private key in PEM that doesn't print itself.
struct PrivateKeyText: Sendable, CustomStringConvertible, CustomReflectable {
    let pem: String

    init(_ pem: String) { self.pem = pem }

    var description: String { "a private key" }
    var customMirror: Mirror { Mirror(self, children: []) }
}

/// Listeners of the manager's.
///
/// Not the agent's own server on purpose: that one is made to refuse what this one must be able to do to its clients -
/// hang, cut an answer in half, reset the line.
enum Front {
    /// HTTPS for agents.
    static func listen(
        on address: IPAddress, port: UInt16, as identity: ServedIdentity, in group: any EventLoopGroup,
        respond: @escaping @Sendable (Call) -> Answer
    ) async throws -> any Channel {
        try await bootstrap(group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(NIOSSLServerHandler(context: identity.context))
                    try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                    try pipeline.addHandler(ExchangeHandler(respond: respond))
                }
            }
            .bind(host: address.description, port: Int(port)).get()
    }

    /// HTTP on a socket of the file system, for whoever may enter its directory.
    static func listen(
        on path: String, in group: any EventLoopGroup, respond: @escaping @Sendable (Call) -> Answer
    ) async throws -> any Channel {
        try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                    try pipeline.addHandler(ExchangeHandler(respond: respond))
                }
            }
            .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
    }

    private static func bootstrap(_ group: any EventLoopGroup) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
    }
}
