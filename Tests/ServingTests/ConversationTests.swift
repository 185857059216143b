import Linux
import NIOCore
import Synchronization
import TestKit
import Testing
import Values

@testable import Serving

@Suite struct ConversationTests {
    @Test func `an answer has its length, its type, a date and a request id`() async throws {
        let stage = try await Stage()
        let answer = try stage.say(get("/a%20b?x=1&y=?", "Connection: close"))
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(answer.hasSuffix("\r\n\r\nGET /a%20b x=1&y=? [] from 127.0.0.1"))
        #expect(answer.contains("\r\nContent-Type: application/json\r\nContent-Length: 36\r\n"))
        #expect(answer.contains("\r\nConnection: close\r\n"))
        let identifier = try #require(answer.firstMatch(of: /X-Request-Id: ([0-9a-f-]{36})\r\n/)).1
        #expect(identifier.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
        #expect(
            answer.contains(/\r\nDate: (Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} 20\d\d \d\d:\d\d:\d\d GMT\r\n/)
        )
    }

    @Test func `a body arrives whole, by length and in chunks`() async throws {
        let stage = try await Stage()
        let sized = "POST /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello"
        #expect(try stage.say(sized).hasSuffix("POST /a - [hello] from 127.0.0.1"))
        let chunked = "POST /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(try stage.say(chunked + "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n").hasSuffix("[hello] from 127.0.0.1"))
    }

    @Test func `requests that came at once are answered in their order, even if the first takes longer`() async throws {
        let first = Mutex<EventLoopPromise<HTTPResponse>?>(nil)
        let stage = try await Stage { request in
            guard request.path == "/first" else { return Stage.echo(request) }
            let promise = currentLoop().makePromise(of: HTTPResponse.self)
            first.withLock { $0 = promise }
            return .later(promise.futureResult)
        }
        let connection = try stage.connect()
        try connection.send(Array((get("/first") + get("/second") + get("/third", "Connection: close")).utf8))
        while first.withLock({ $0 == nil }) { await Task.yield() }
        first.withLock { $0?.succeed(HTTPResponse(body: ByteBuffer(string: "FIRST"))) }
        let answer = connection.rest()
        let order = ["FIRST", "GET /second", "GET /third"].map { answer.firstRange(of: $0)?.lowerBound }
        #expect(try #require(order[0]) < #require(order[1]))
        #expect(try #require(order[1]) < #require(order[2]))
    }

    @Test func `a responder that fails is a 500 with a body`() async throws {
        struct Broken: Error {}
        let stage = try await Stage { _ in .later(currentLoop().makeFailedFuture(Broken())) }
        let answer = try stage.say(get("/", "Connection: close"))
        #expect(answer.hasPrefix("HTTP/1.1 500 Internal Server Error\r\n"))
        #expect(answer.contains("\r\n\r\nerror 500 "))
    }

    @Test func `HTTP 1.0 is closed after the answer unless it asks to be kept`() async throws {
        let stage = try await Stage()
        #expect(try stage.say("GET / HTTP/1.0\r\n\r\n").contains("\r\nConnection: close\r\n"))
        let connection = try stage.connect()
        for _ in 0..<2 {
            try connection.send(Array("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n".utf8))
            #expect(connection.until("from").contains("\r\nConnection: keep-alive\r\n"))
        }
    }

    @Test func `HEAD gets the head and nothing else`() async throws {
        let stage = try await Stage()
        let answer = try stage.say("HEAD /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        #expect(answer.contains("\r\nContent-Length: 27\r\n"))
        #expect(answer.hasSuffix("\r\n\r\n"))
    }

    @Test func `who waits for our word before the body gets it`() async throws {
        let stage = try await Stage()
        let connection = try stage.connect()
        let head =
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
        try connection.send(Array(head.utf8))
        #expect(connection.until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
        try connection.send(Array("ok".utf8))
        #expect(connection.rest().contains("[ok]"))
    }

    static let malformed: [(String, Int)] = [
        ("nonsense\r\n\r\n", 400),
        ("\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}", 400),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        ("GET http://elsewhere/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("CONNECT elsewhere:443 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("GET / HTTP/3.7\r\nHost: a\r\n\r\n", 505),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nhello", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400),
        ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n folded\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\n\r\n", 417),
    ]

    @Test(arguments: malformed.indices)
    func `what can be read in two ways is refused, and the connection ends`(index: Int) async throws {
        let (request, status) = Self.malformed[index]
        let stage = try await Stage()
        let answer = try stage.say(request + get("/smuggled"))
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(request.debugDescription): \(answer)")
        #expect(!answer.contains("smuggled"))
        #expect(answer.contains("\r\nConnection: close\r\n"))
        let identifier = try #require(answer.firstMatch(of: /X-Request-Id: (\S+)/)).1
        #expect(answer.hasSuffix("\r\n\r\nerror \(status) \(identifier)"))
    }

    @Test func `a head without end is cut off`() async throws {
        var limits = ServerLimits()
        limits.head = .kibibytes(4)
        let stage = try await Stage(limits: limits)
        let long = String(repeating: "x", count: 8192)
        #expect(try stage.say(get("/", "X-Long: \(long)")).hasPrefix("HTTP/1.1 431 "))
        #expect(try stage.say(get("/\(long)")).hasPrefix("HTTP/1.1 4"))
        let many = (0..<200).map { "X-\($0): 1" }.joined(separator: "\r\n")
        #expect(try stage.say(get("/", many)).hasPrefix("HTTP/1.1 431 "))
    }

    @Test func `a body above the limit is refused, announced or not`() async throws {
        var limits = ServerLimits()
        limits.body = Bytes(8)
        let stage = try await Stage(limits: limits)
        let announced = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n"
        #expect(try stage.say(announced).hasPrefix("HTTP/1.1 413 "))
        let chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nworld\r\n"
        #expect(try stage.say(chunked).hasPrefix("HTTP/1.1 413 "))
        let exact = "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 8\r\n\r\n12345678"
        #expect(try stage.say(exact).contains("[12345678]"))
    }

    @Test func `a long answer arrives whole`() async throws {
        let body = ByteBuffer(repeating: UInt8(ascii: "x"), count: 3_000_000)
        let stage = try await Stage { _ in .now(HTTPResponse(body: body)) }
        let answer = try stage.say(get("/", "Connection: close"))
        #expect(answer.utf8.count { $0 == UInt8(ascii: "x") } >= 3_000_000)
    }
}
