import Audit
import Configuration
import Linux
import NIOCore
import Serving
import Synchronization
import TestKit
import Testing
import Values

@testable import AgentKit

@Suite struct DoorkeeperTests {
    static func limit(destructive: (Int, Int) = (20, 2), read: (Int, Int) = (120, 3), isEnabled: Bool = true)
        -> AgentConfiguration.RateLimit
    {
        .init(
            isEnabled: isEnabled, destructivePerMinute: destructive.0, destructiveBurst: destructive.1,
            readPerMinute: read.0, readBurst: read.1)
    }

    final class Time: Sendable {
        private let now = Mutex<UInt64>(0)
        var microseconds: UInt64 { now.withLock { $0 } }
        func set(_ seconds: UInt64) { now.withLock { $0 = seconds * 1_000_000 } }
    }

    /// A door with a log of its own, and what came through it.
    final class Door: Sendable {
        let directory: TemporaryDirectory
        let limiter: RateLimiter
        private let keeper: Doorkeeper
        private let passed: Passed

        final class Passed: Sendable {
            private let kept = Mutex<[String]>([])
            var all: [String] { kept.withLock { $0 } }
            func add(_ path: String) { kept.withLock { $0.append(path) } }
        }

        var through: [String] { passed.all }

        init(_ limit: AgentConfiguration.RateLimit = DoorkeeperTests.limit(), log: String = "log/audit.log") throws {
            let passed = Passed()
            directory = try TemporaryDirectory()
            // Its clock stands still: how long a test takes gives nobody another try.
            limiter = RateLimiter(limit, clock: { 0 })
            let audit = AuditLog(
                .init(path: directory.path + "/" + log, retention: nil), run: { LoopExecutor.shared.run($0) },
                tell: { _ in })
            keeper = Doorkeeper(limiter: limiter, audit: audit) { request in
                passed.add(request.path)
                return .now(HTTPResponse(status: 200))
            }
            self.passed = passed
        }

        func ask(_ method: String, _ path: String, from peer: UInt32 = 1) async throws -> HTTPResponse {
            let request = HTTPRequest(
                method: method, path: path, peer: IPAddress(ipv4: peer), requestID: RequestID(1, 2))
            switch try await LoopExecutor.shared.result(of: { [keeper] in keeper.answer(request) }).get() {
            case .now(let response): return response
            case .later(let future): return try await future.get()
            case .webSocket: return HTTPResponse(status: 101)
            }
        }
    }

    @Test func `who asks too often is told for how long to wait, in an envelope`() async throws {
        let door = try Door(Self.limit(destructive: (1, 2), read: (1, 3)))
        for _ in 0..<3 { #expect(try await door.ask("GET", "/api/v1/packages").status == 200) }
        let refused = try await door.ask("GET", "/api/v1/packages")
        #expect(refused.status == 429)
        let wait = refused.headers.first { $0.0 == "Retry-After" }.flatMap { Int($0.1) }
        #expect((1...60).contains(try #require(wait)))
        let body = String(buffer: refused.body)
        #expect(body.contains("\"code\":\"RATE_LIMITED\"") && body.contains("\"retryable\":true"))
        #expect(body.contains("\"data\":null") && body.contains("\(RequestID(1, 2))"))
        // Another one, another kind, and what is never limited.
        #expect(try await door.ask("GET", "/api/v1/packages", from: 2).status == 200)
        #expect(try await door.ask("DELETE", "/api/v1/packages/x").status == 200)
        for path in ["/health", "/api/v1/health", "/api/v1/system/info"] {
            for _ in 0..<50 { #expect(try await door.ask("GET", path).status == 200) }
        }
        #expect(try await door.ask("PUT", "/health").status == 200)
        #expect(try await door.ask("POST", "/health").status == 429)
    }

    @Test func `other numbers count from the reload on`() async throws {
        let door = try Door(Self.limit(read: (1, 3)))
        for _ in 0..<3 { _ = try await door.ask("GET", "/x") }
        #expect(try await door.ask("GET", "/x").status == 429)
        door.limiter.use(Self.limit(isEnabled: false))
        for _ in 0..<50 { #expect(try await door.ask("GET", "/x").status == 200) }
    }

    @Test func `tokens come back with time, and never more than the burst`() {
        let time = Time()
        let limiter = RateLimiter(Self.limit(), clock: { time.microseconds })
        let peer = IPAddress(ipv4: 1)
        func read(_ seconds: UInt64) -> Interval? {
            time.set(seconds)
            return limiter.wait(of: peer, isDestructive: false)
        }
        #expect((0..<4).map { _ in read(0) } == [nil, nil, nil, Interval(microseconds: 500_000)])
        #expect((0..<3).map { _ in read(1) } == [nil, nil, Interval(microseconds: 500_000)])
        #expect((0..<4).map { _ in read(3600) == nil } == [true, true, true, false])
    }

    @Test func `a million peers need no more memory than a thousand, and do not lock each other out`() {
        let time = Time()
        let limiter = RateLimiter(Self.limit(), clock: { time.microseconds })
        var refused = 0
        for number in 1...100_000 {
            time.set(UInt64(number))
            let wait = limiter.wait(of: IPAddress(ipv4: UInt32(number)), isDestructive: false)
            if wait != nil { refused += 1 }
        }
        #expect(refused == 0)
    }

    @Test func `what changes the host is in the log before it begins, and is not done without`() async throws {
        let door = try Door()
        #expect(try await door.ask("POST", "/api/v1/packages").status == 200)
        let text = String(decoding: try door.directory.read("log/audit.log"), as: UTF8.self)
        #expect(text.contains("\"event\":\"request.begun\""))
        #expect(text.contains("\"method\":\"POST\",\"path\":\"/api/v1/packages\""))
        let shut = try Door(log: "file/audit.log")
        try shut.directory.write("file", "in the way")
        let refused = try await shut.ask("POST", "/api/v1/packages")
        #expect(refused.status == 503)
        #expect(String(buffer: refused.body).contains("\"code\":\"AUDIT_UNAVAILABLE\""))
        #expect(try await shut.ask("GET", "/api/v1/packages").status == 200)
        #expect(shut.through == ["/api/v1/packages"])
    }
}
