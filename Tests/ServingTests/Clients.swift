import Linux
import NIOCore
import NIOPosix
import NIOSSL
import OpenSSL
import Synchronization
import TestKit
import Values

@testable import Serving

/// A judge as the agent has one, whose revocation list can be changed.
final class TestJudge: Sendable {
    private let anchors: [Certificate]
    private let list: Mutex<[UInt8]>

    init(revoking list: String = "crl.pem") throws {
        anchors = CertificateBundle(try TestCertificates.bytes("root.pem")).certificates
        self.list = Mutex(try TestCertificates.bytes(list))
    }

    func use(_ name: String) throws {
        let bytes = try TestCertificates.bytes(name)
        list.withLock { $0 = bytes }
    }

    func judge(_ encoded: [[UInt8]]) -> ClientVerdict {
        let chain = encoded.compactMap { try? Certificate(der: $0) }
        guard let leaf = chain.first, let path = try? Chain(of: leaf, through: Array(chain.dropFirst()), to: anchors),
            let revocations = try? RevocationList(list.withLock { $0 })
        else { return .refused(reason: "unreadable") }
        let now = Clock.wall
        if !path.isTrusted { return .refused(reason: path.reason) }
        if now < leaf.notBefore || leaf.notAfter < now { return .refused(reason: "outside its dates") }
        return revocations.revokes(leaf) ? .refused(reason: "revoked") : .accepted
    }

    /// The server `name` with this judge.
    func material(_ name: String = "ec") throws -> TLSMaterial {
        try TLSMaterial(
            certificateChainPEM: TestCertificates.bytes(name + ".pem"), keyPEM: TestCertificates.bytes(name + ".key"),
            clientAnchorsPEM: TestCertificates.bytes("root.pem"), verify: { self.judge($0) })
    }
}

/// The real `openssl s_client`, and what it printed.
enum Client {
    /// Sends a request over a fresh connection; `options` say with which certificate and version.
    static func ask(_ port: Port, _ options: String, request: String = get("/", "Connection: close")) throws -> String {
        let directory = try TemporaryDirectory()
        try directory.write("request", request)
        let command =
            "timeout 20 openssl s_client -connect 127.0.0.1:\(port) -ign_eof -CAfile \(try TestCertificates.path("root.pem")) "
            + options + " < \(directory.path)/request > \(directory.path)/said 2>&1"
        try ChildProcess(["sh", "-c", command]).wait()
        return String(decoding: try directory.read("said"), as: UTF8.self)
    }

    /// `-cert … -key …` for a certificate of Tests/Fixtures/certs.
    static func showing(_ name: String, key: String? = nil) throws -> String {
        "-cert \(try TestCertificates.path(name + ".pem")) -key \(try TestCertificates.path((key ?? name) + ".key"))"
    }
}

/// A client in this process, for tests that need many connections.
final class NearClient: Sendable {
    private let context: NIOSSLContext
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    init(showing name: String) throws {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateChain = try NIOSSLCertificate.fromPEMBytes(TestCertificates.bytes(name + ".pem"))
            .map { .certificate($0) }
        configuration.privateKey = .privateKey(
            try NIOSSLPrivateKey(bytes: TestCertificates.bytes(name + ".key"), format: .pem))
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(TestCertificates.bytes("root.pem")))
        configuration.certificateVerification = .noHostnameVerification
        context = try NIOSSLContext(configuration: configuration)
    }

    deinit { group.shutdownGracefully { _ in } }

    /// One connection with one request; what came back until the server closed.
    func ask(_ port: Port) async throws -> String {
        let done = group.next().makePromise(of: String.self)
        let context = context
        let bootstrap = ClientBootstrap(group: group).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                let tls = try NIOSSLClientHandler(context: context, serverHostname: nil)
                try channel.pipeline.syncOperations.addHandlers([tls, Collector(done)])
            }
        }
        bootstrap.connect(host: "127.0.0.1", port: Int(port.rawValue)).cascadeFailure(to: done)
        return try await done.futureResult.get()
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let done: EventLoopPromise<String>
        private var text = ""

        init(_ done: EventLoopPromise<String>) { self.done = done }

        func channelActive(context: ChannelHandlerContext) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: get("/", "Connection: close"))), promise: nil)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { text += String(buffer: unwrapInboundIn(data)) }
        func channelInactive(context: ChannelHandlerContext) { done.succeed(text) }
        func errorCaught(context: ChannelHandlerContext, error: any Error) {}
    }
}
