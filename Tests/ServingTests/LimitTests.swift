import Glibc
import Linux
import NIOCore
import NIOPosix
import Synchronization
import TestKit
import Testing
import Values

@testable import Serving

@Suite struct LimitTests {
    @Test func `who says nothing is closed, and the log says so`() async throws {
        var limits = ServerLimits()
        limits.firstRequest = Interval(microseconds: 50_000)
        let stage = try await Stage(limits: limits)
        #expect(try stage.say("").isEmpty)
        #expect(try stage.say("GET / HTTP/1.1\r\nHo").isEmpty)
        #expect(await stage.refusal { $0 == .slow })
        #expect(await stage.connections(0))
    }

    @Test func `a request that was answered ends the first deadline, the idle time begins`() async throws {
        var limits = ServerLimits()
        limits.firstRequest = Interval(microseconds: 300_000)
        limits.idle = Interval(microseconds: 600_000)
        let stage = try await Stage(limits: limits)
        let connection = try stage.connect()
        try connection.send(Array(get("/").utf8))
        #expect(connection.until("from").contains("200 OK"))
        #expect(connection.rest().isEmpty)
        #expect(stage.refusals.all.isEmpty)
    }

    @Test func `a body that does not come is a 408`() async throws {
        var limits = ServerLimits()
        limits.idle = Interval(microseconds: 50_000)
        limits.firstRequest = Interval(microseconds: 50_000)
        let stage = try await Stage(limits: limits)
        let answer = try stage.say("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe")
        #expect(answer.hasPrefix("HTTP/1.1 408 "))
    }

    @Test func `who asks without end and takes no answer is not listened to any more`() async throws {
        let asked = Mutex(0)
        let body = ByteBuffer(repeating: 0, count: 100_000)
        let stage = try await Stage { _ in
            asked.withLock { $0 += 1 }
            return .now(HTTPResponse(body: body))
        }
        let port = try stage.port
        let connection = try TCPConnection(to: "127.0.0.1", port, deadline: Clock.monotonic + 1_000_000)
        let request = Array(get("/", "X-Long: " + String(repeating: "x", count: 8000)).utf8)
        // 32 MB, more than the sockets of both sides hold.
        #expect(throws: SystemError.self) { for _ in 0..<4000 { try connection.send(request) } }
        #expect(asked.withLock { $0 } < 4000)
    }

    @Test func `one peer has only so many connections`() async throws {
        var limits = ServerLimits()
        limits.connectionsPerPeer = 2
        let stage = try await Stage(limits: limits)
        let first = try stage.connect()
        let second = try stage.connect()
        #expect(await stage.connections(2))
        let third = try stage.connect()
        #expect(third.rest().isEmpty)
        #expect(await stage.refusal { $0 == .tooMany })
        for connection in [0, 1] {
            if connection == 0 { try first.send(Array(get("/").utf8)) } else { try second.send(Array(get("/").utf8)) }
        }
        #expect(first.until("from").contains("200 OK"))
        #expect(second.until("from").contains("200 OK"))
    }

    @Test func `a full server lets newcomers wait instead of turning them away`() async throws {
        var limits = ServerLimits()
        limits.connections = 1
        let stage = try await Stage(limits: limits)
        let first = try stage.connect()
        try first.send(Array(get("/").utf8))
        #expect(first.until("from").contains("200 OK"))
        let waiting = try (0..<8).map { _ in try Holder(stage.connect()) }
        for one in waiting { try one.connection.send(Array(get("/later", "Connection: close").utf8)) }
        try first.send(Array(get("/", "Connection: close").utf8))
        #expect(first.rest().contains("200 OK"))
        for one in waiting { #expect(one.connection.rest().contains("GET /later")) }
        #expect(stage.refusals.all.isEmpty)
    }

    private final class Holder {
        let connection: TCPConnection
        init(_ connection: consuming TCPConnection) { self.connection = connection }
    }

    @Test func `who is not admitted gets no byte, and a flood of them is one line`() async throws {
        let stage = try await Stage(admit: Whitelist(["10.0.0.0/8"]))
        for _ in 0..<20 { #expect(try stage.say(get("/")).isEmpty) }
        #expect(await stage.refusal { $0 == .notAdmitted })
        #expect(stage.refusals.all.count == 1)
        #expect(stage.server.connectionCount == 0)
    }

    @Test func `the log counts what it leaves out`() {
        let notes = Stage.Notes()
        let log = RefusalLog { notes.add($0) }
        let peer = IPAddress(ipv4: 1)
        let start = NIODeadline.now()
        for _ in 0..<5 { log.note(peer, .slow, now: start) }
        log.note(peer, .tooMany, now: start)
        log.note(IPAddress(ipv4: 2), .slow, now: start)
        log.note(peer, .slow, now: start + .seconds(11))
        #expect(notes.all.map(\.suppressed) == [0, 0, 0, 4])
        for other in 0..<100_000 { log.note(IPAddress(ipv4: UInt32(other)), .notAdmitted, now: start + .seconds(12)) }
        #expect(notes.all.count < 300)
    }

    @Test func `draining answers what is under way, closes what is idle and frees the port`() async throws {
        let pending = Mutex<EventLoopPromise<HTTPResponse>?>(nil)
        let stage = try await Stage { request in
            guard request.path == "/slow" else { return Stage.echo(request) }
            let promise = currentLoop().makePromise(of: HTTPResponse.self)
            pending.withLock { $0 = promise }
            return .later(promise.futureResult)
        }
        let address = try #require(stage.server.addresses.first)
        let busy = try stage.connect()
        let idle = try stage.connect()
        try idle.send(Array(get("/").utf8))
        #expect(idle.until("from").contains("200 OK"))
        try busy.send(Array(get("/slow").utf8))
        while pending.withLock({ $0 == nil }) { await Task.yield() }

        let drained = stage.server.draining(within: .seconds(20))
        #expect(idle.rest().isEmpty)
        #expect(await stage.connections(1))
        pending.withLock { $0?.succeed(HTTPResponse(body: ByteBuffer(string: "done"))) }
        let answer = busy.rest()
        #expect(answer.contains("\r\nConnection: close\r\n") && answer.hasSuffix("done"))
        try await drained.get()
        #expect(stage.server.connectionCount == 0)
        let next = try await Stage(at: [address])
        #expect(try next.say(get("/", "Connection: close")).contains("200 OK"))
    }

    @Test func `a program that is started meanwhile does not hold the port`() async throws {
        let stage = try await Stage()
        let address = try #require(stage.server.addresses.first)
        let connection = try stage.connect()
        try connection.send(Array(get("/").utf8))
        #expect(connection.until("from").contains("200 OK"))
        let child = try ChildProcess(["sleep", "60"])
        await stage.server.drain(within: .seconds(20))
        // The connection would stay open too, and this would not end.
        #expect(connection.rest().isEmpty)
        let next = try await Stage(at: [address])
        #expect(try next.say(get("/", "Connection: close")).contains("200 OK"))
        _ = child
    }

    @Test func `draining does not wait for ever`() async throws {
        let stage = try await Stage { _ in .later(currentLoop().makePromise(of: HTTPResponse.self).futureResult) }
        let connection = try stage.connect()
        try connection.send(Array(get("/").utf8))
        #expect(await stage.connections(1))
        await stage.server.drain(within: Interval(microseconds: 50_000))
        #expect(connection.rest().isEmpty)
    }

    @Test func `a port that is taken is named`() async throws {
        let stage = try await Stage()
        let address = try #require(stage.server.addresses.first)
        let error = await #expect(throws: ListenError.self) { try await Stage(at: [.loopback, address]) }
        #expect(error?.isAddressInUse == true)
        #expect(error?.description == "cannot listen on \(address): address already in use")
    }

    @Test func `an address of no interface is told from a taken port`() async throws {
        let foreign = ListenAddress(try #require(IPAddress("192.0.2.77")), port: 0)
        let error = await #expect(throws: ListenError.self) { try await Stage(at: [foreign]) }
        #expect(error?.isAddressUnavailable == true)
        #expect(error?.isAddressInUse == false)
    }

    @Test func `on a dual-stack socket an IPv4 peer is an IPv4 peer`() async throws {
        let any = ListenAddress(IPAddress(ipv6: 0, 0), port: 0)
        let list = try Whitelist(["127.0.0.0/8"])
        let stage = try await Stage(at: [any], admit: list)
        #expect(try stage.say(get("/", "Connection: close")).hasSuffix("from 127.0.0.1"))
        #expect(try stage.say(get("/", "Connection: close"), to: "::1").isEmpty)
        let only = try await Stage(at: [ListenAddress(IPAddress(ipv6: 0, 0), port: 0, isIPv6Only: true)])
        #expect(throws: SystemError.self) { _ = try only.say(get("/")) }
        #expect(try only.say(get("/", "Connection: close"), to: "::1").hasSuffix("from ::1"))
    }

    @Test func `a socket that systemd bound is served`() async throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        try #require(descriptor >= 0 && listen(descriptor, 16) == 0)
        let stage = try await Stage(at: [], inherited: [descriptor])
        #expect(try stage.say(get("/", "Connection: close")).contains("200 OK"))
    }

    @Test func `a listening socket that somebody else shut down is told, one that was drained is not`() async throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        try #require(descriptor >= 0 && listen(descriptor, 16) == 0)
        let other = dup(descriptor)
        let stage = try await Stage(at: [.loopback], inherited: [descriptor])
        let (losses, loss) = AsyncStream.makeStream(of: Int.self)
        stage.server.whenLost { loss.yield(1) }
        #expect(shutdown(other, Int32(SHUT_RDWR)) == 0)
        #expect(await losses.first { _ in true } == 1)
        await stage.server.drain(within: .seconds(1))
        loss.finish()
        #expect(await losses.first { _ in true } == nil)
        close(other)
    }
}

/// The loop that a responder runs on.
func currentLoop() -> any EventLoop {
    guard let loop = MultiThreadedEventLoopGroup.currentEventLoop else { preconditionFailure("not on an event loop") }
    return loop
}
