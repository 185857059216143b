import Linux
import NIOCore
import NIOPosix
import OpenSSL
import Synchronization
import TestKit
import Values

@testable import Serving

/// A server of a test's own on loopback, and what it had to say about its peers.
final class Stage: Sendable {
    let server: HTTPServer
    let refusals: Notes
    let account = Account()
    private let group: MultiThreadedEventLoopGroup

    final class Notes: Sendable {
        private let kept = Mutex<[Refusal]>([])
        var all: [Refusal] { kept.withLock { $0 } }
        func add(_ refusal: Refusal) { kept.withLock { $0.append(refusal) } }
    }

    /// Every request and its status.
    final class Account: Sendable {
        private let kept = Mutex<[Exchange]>([])
        var all: [Exchange] { kept.withLock { $0 } }
        func add(_ exchange: Exchange) { kept.withLock { $0.append(exchange) } }
    }

    init(
        _ tls: TLSHolder = .plain(), limits: ServerLimits = ServerLimits(),
        at addresses: [ListenAddress] = [.loopback], inherited: [Int32] = [],
        admit: Whitelist? = nil, admitting list: Mutable<Whitelist>? = nil,
        respond: @escaping Responder = Stage.echo
    ) async throws {
        let refusals = Notes()
        self.refusals = refusals
        let account = account
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        server = try await HTTPServer.bind(
            to: addresses, inherited: inherited, group: group, tls: tls, limits: limits,
            admit: { (list?.value ?? admit)?.admits($0) ?? true },
            refused: { refusals.add($0) }, errorBody: { ByteBuffer(string: "error \($0) \($1)") },
            answered: { account.add($0) }, respond: respond)
    }

    deinit {
        let group = group
        server.draining(within: .seconds(0)).whenComplete { _ in group.shutdownGracefully { _ in } }
    }

    struct Nowhere: Error {}

    /// Says what it was asked: `GET /path ?query body`.
    static let echo: Responder = { request in
        let body = request.body.map { String(buffer: $0) } ?? ""
        let text = "\(request.method) \(request.path) \(request.query ?? "-") [\(body)] from \(request.peer)"
        return .now(HTTPResponse(body: ByteBuffer(string: text)))
    }

    var port: Port {
        get throws {
            guard let first = server.addresses.first, let port = Port(rawValue: first.port) else {
                throw Nowhere()
            }
            return port
        }
    }

    /// A plain connection, which must be over in 20 seconds.
    func connect(to address: String = "127.0.0.1") throws -> TCPConnection {
        try TCPConnection(to: address, port, deadline: Clock.monotonic + 20_000_000)
    }

    /// Sends a text and returns all that comes back until the server closes.
    func say(_ text: String, to address: String = "127.0.0.1") throws -> String {
        let connection = try connect(to: address)
        try connection.send(Array(text.utf8))
        return connection.rest()
    }

    /// Waits until a refusal has come that is what the caller looks for.
    func refusal(_ matches: (Refusal.Kind) -> Bool) async -> Bool {
        for _ in 0..<2000 {
            if refusals.all.contains(where: { matches($0.kind) }) { return true }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return false
    }

    /// Waits until so many connections are open.
    func connections(_ count: Int) async -> Bool {
        for _ in 0..<2000 {
            if server.connectionCount == count { return true }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return false
    }
}

extension ListenAddress {
    static let loopback = ListenAddress(IPAddress(ipv4: 0x7F00_0001), port: 0)
}

extension TCPConnection {
    /// What comes until the other side closes or resets.
    borrowing func rest() -> String {
        var bytes: [UInt8] = []
        while let more = try? receive(), !more.isEmpty { bytes += more }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What comes until it contains `text`, or the other side closes.
    borrowing func until(_ text: String) -> String {
        var all = ""
        while !all.contains(text), let more = try? receive(), !more.isEmpty {
            all += String(decoding: more, as: UTF8.self)
        }
        return all
    }
}

/// `GET` with the headers that HTTP/1.1 wants.
func get(_ path: String, _ headers: String...) -> String {
    "GET \(path) HTTP/1.1\r\nHost: here\r\n" + headers.map { $0 + "\r\n" }.joined() + "\r\n"
}

/// A value that a test changes while others look at it.
final class Mutable<Value: Sendable>: Sendable {
    private let held: Mutex<Value>

    init(_ value: Value) { held = Mutex(value) }

    var value: Value {
        get { held.withLock { $0 } }
        set { held.withLock { $0 = newValue } }
    }
}
