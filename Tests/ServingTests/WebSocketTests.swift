import Linux
import NIOCore
import TestKit
import Testing
import Values

@testable import Serving

@Suite struct WebSocketTests {
    typealias Client = WebSocketClient
    let audience = Audience()

    @Test func `who asks properly gets the key of RFC 6455's own example, and frames from then on`() async throws {
        let stage = try await audience.stage()
        let client = try Client(stage)
        #expect(client.head.hasPrefix("HTTP/1.1 101 Switching Protocols\r\n"))
        #expect(client.head.contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"))
        #expect(client.head.contains("\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"))
        #expect(client.next() == .init(opcode: 1, payload: Array("hello".utf8)))
        try client.send(Client.text("good day"))
        #expect(client.next()?.text == "you said good day")
        let peer = try #require(audience.peers.first)
        #expect(peer.peer == IPAddress(ipv4: 0x7F00_0001))
        #expect(client.head.contains("X-Request-Id: \(peer.id)"))
        try client.send(Client.frame(8, [0x03, 0xE8]))
        #expect(client.next()?.code == 1000)
        #expect(client.next() == nil)
        #expect(await audience.ended(1))
        #expect(await stage.connections(0))
    }

    @Test func `what comes in one segment with the request is not lost`() async throws {
        let stage = try await audience.stage()
        let client = try Client(stage, behind: Client.text("one") + Client.text("two") + Client.frame(9, [7]))
        #expect((0..<4).map { _ in client.next()?.text } == ["hello", "you said one", "you said two", "\u{7}"])
    }

    @Test func `over mutual TLS the program knows whose certificate it is`() async throws {
        let stage = try await audience.stage(TLSHolder(TestJudge().material()))
        let directory = try TemporaryDirectory()
        let bytes = Array(Client.request().utf8) + Client.text("via TLS") + Client.frame(8, [0x03, 0xE8])
        try directory.write("request", bytes)
        let command =
            "timeout 20 openssl s_client -connect 127.0.0.1:\(try stage.port) -ign_eof -quiet -alpn http/1.1 "
            + "\(try ServingTests.Client.showing("client-only", key: "ec")) < \(directory.path)/request "
            + "> \(directory.path)/said 2>&1"
        try ChildProcess(["sh", "-c", command]).wait()
        let said = String(decoding: try directory.read("said"), as: UTF8.self)
        #expect(said.contains("101 Switching Protocols") && said.contains("you said via TLS"))
        let client = try #require(audience.peers.first?.client)
        #expect(client.commonName == "patched.example.test")
        #expect(client.serial.count >= 32 && client.serial.allSatisfy(\.isHexDigit))
    }

    static let improper: [(String, Int)] = [
        (get("/ws", "Connection: close"), 426),
        (get("/ws", "Upgrade: websocket", "Connection: close"), 426),
        (get("/ws", "Upgrade: h2c", "Connection: Upgrade"), 426),
        (Client.request().replacing(" HTTP/1.1", with: " HTTP/1.0"), 426),
        (Client.request().replacing("Version: 13", with: "Version: 8"), 426),
        (Client.request("/ws", "Sec-WebSocket-Version: 13"), 426),
        (Client.request().replacing("GET ", with: "POST "), 405),
        (Client.request().replacing("GET ", with: "HEAD "), 405),
        (Client.request().replacing(Client.key, with: "dGhlIHNhbXBsZQ=="), 400),
        (Client.request().replacing(Client.key, with: "dGhlIHNhbXBsZSBub25jZR=="), 400),
        (Client.request().replacing("Sec-WebSocket-Key", with: "X-Key"), 400),
        (Client.request("/ws", "Sec-WebSocket-Key: \(Client.key)"), 400),
        (Client.request("/ws", "Content-Length: 1") + "x", 400),
        (Client.request("/ws", "Origin: https://evil.example"), 403),
    ]

    @Test(arguments: improper.indices)
    func `who does not ask properly is told what is missing`(index: Int) async throws {
        let (request, status) = Self.improper[index]
        let stage = try await audience.stage()
        let answer = try stage.say(request)
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(request.debugDescription): \(answer)")
        if status == 426 {
            #expect(answer.contains("\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"))
            #expect(answer.contains("\r\nConnection: close, Upgrade\r\n"))
        }
        if status == 405 { #expect(answer.contains("\r\nAllow: GET\r\n")) }
        #expect(audience.peers.isEmpty)
    }

    @Test func `a page of the same host, and lists in any case, are as good`() async throws {
        let stage = try await audience.stage()
        let connection = try stage.connect()
        let request = Client.request("/ws", "Origin: https://here").replacing(
            "Connection: Upgrade", with: "Connection: keep-alive, uPgRaDe"
        ).replacing("Upgrade: websocket", with: "Upgrade: other, WebSocket")
        try connection.send(Array(request.utf8))
        #expect(connection.until("hello").hasPrefix("HTTP/1.1 101 "))
    }

    @Test func `asking another resource for another protocol gets its answer, and the connection ends`() async throws {
        let stage = try await audience.stage()
        let answer = try stage.say(get("/", "Upgrade: h2c", "Connection: Upgrade") + get("/lost"))
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n") && answer.contains("\r\nConnection: close\r\n"))
        #expect(!answer.contains("lost"))
    }

    @Test func `more than the limit are told to come again, until somebody leaves`() async throws {
        var limits = WebSocketLimits()
        limits.count = 2
        let stage = try await audience.stage(.plain(), limits)
        let first = try Client(stage)
        let second = try Client(stage)
        let refused = try stage.say(Client.request())
        #expect(refused.hasPrefix("HTTP/1.1 503 ") && refused.contains("\r\nRetry-After: 30\r\n"))
        try first.send(Client.frame(8))
        #expect(first.end() == nil)
        #expect(await audience.ended(1))
        #expect(try Client(stage).next()?.text == "hello")
        #expect(second.next()?.text == "hello")
    }

    @Test func `a server that stops says so`() async throws {
        let stage = try await audience.stage()
        let client = try Client(stage)
        #expect(client.next()?.text == "hello")
        let drained = stage.server.draining(within: .seconds(20))
        #expect(client.next()?.code == 1001)
        try client.send(Client.frame(8, [0x03, 0xE9]))
        #expect(client.next() == nil)
        try await drained.get()
        #expect(audience.closedCount == 1)
    }

    @Test func `who would not be let in any more is sent away`() async throws {
        let list = Mutable(try Whitelist(["127.0.0.0/8"]))
        let handlers = audience.handlers
        let stage = try await Stage(admitting: list) { _ in .webSocket(handlers) }
        let client = try Client(stage)
        #expect(client.next()?.text == "hello")
        stage.server.review()
        try client.send(Client.text("still here"))
        #expect(client.next()?.text == "you said still here")
        list.value = try Whitelist(["10.0.0.0/8"])
        stage.server.review()
        #expect(client.next()?.code == 1008)
        #expect(await stage.refusal { $0 == .notAdmitted })
    }
}
