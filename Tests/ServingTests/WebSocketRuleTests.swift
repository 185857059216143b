import Linux
import NIOCore
import TestKit
import Testing
import Values

@testable import Serving

/// What RFC 6455 forbids a client, and what the limits do.
@Suite struct WebSocketRuleTests {
    typealias Client = WebSocketClient
    let audience = Audience()

    static let kibi = [UInt8](repeating: UInt8(ascii: "a"), count: 1024)

    static let breaches: [([UInt8], Int)] = [
        // Not masked, reserved bits, reserved opcodes.
        (Client.frame(1, [65], isMasked: false), 1002),
        (Client.frame(1, [65], reserved: 0x40), 1002),
        (Client.frame(2, [65], reserved: 0x10), 1002),
        (Client.frame(3), 1002),
        (Client.frame(11), 1002),
        // Control frames in fragments or too long.
        (Client.frame(9, [65], isLast: false), 1002),
        (Client.frame(9, Array(kibi.prefix(126))), 1002),
        // Fragments out of order.
        (Client.frame(0, [65]), 1002),
        (Client.frame(1, [65], isLast: false) + Client.frame(1, [65]), 1002),
        // Close frames that say nothing sensible.
        (Client.frame(8, [3]), 1002),
        (Client.frame(8, [0x03, 0xED]), 1002),
        (Client.frame(8, [0x00, 0x00]), 1002),
        (Client.frame(8, [0x03, 0xE8, 0xFF]), 1002),
        // No UTF-8, over two fragments too.
        (Client.frame(1, [0xFF]), 1007),
        (Client.frame(1, [0xC3], isLast: false) + Client.frame(0, [0x28]), 1007),
        // Too long: announced, whole, and in fragments that are short enough each.
        (Client.frame(1, length: 1 << 62), 1009),
        (Client.frame(1, kibi + kibi + kibi + kibi + [65]), 1009),
        (Client.frame(2, kibi + kibi, isLast: false) + Client.frame(0, kibi + kibi + [65]), 1009),
    ]

    @Test(arguments: breaches.indices)
    func `what the protocol forbids ends the connection with its code`(index: Int) async throws {
        let (bytes, code) = Self.breaches[index]
        let stage = try await audience.stage()
        let client = try Client(stage)
        try client.send(bytes)
        #expect(client.end() == code)
        #expect(await stage.refusal { if case .webSocket = $0 { true } else { false } })
        #expect(await audience.ended(1))
    }

    @Test func `fragments become one message, pings in between are answered at once`() async throws {
        let stage = try await audience.stage()
        let client = try Client(stage)
        try client.send(Client.frame(1, Array("Grü".utf8.prefix(3)), isLast: false))
        try client.send(Client.frame(9, Array("there?".utf8)))
        try client.send(Client.frame(0, [], isLast: false))
        try client.send(Client.frame(0, Array("Grü".utf8.dropFirst(3)) + Array("ße".utf8)))
        #expect(client.next()?.text == "hello")
        #expect(client.next() == .init(opcode: 10, payload: Array("there?".utf8)))
        #expect(client.next()?.text == "you said Grüße")
        let full = Self.kibi + Self.kibi + Self.kibi + Self.kibi
        try client.send(Client.frame(1, full))
        #expect(client.next()?.payload.count == full.count + 9)
    }

    @Test func `binary messages and pongs are ignored`() async throws {
        let stage = try await audience.stage()
        let client = try Client(stage)
        try client.send(
            Client.frame(2, [0xFF]) + Client.frame(2, [1], isLast: false) + Client.frame(0, [2]) + Client.frame(10)
                + Client.text("after all that"))
        #expect(client.next()?.text == "hello")
        #expect(client.next()?.text == "you said after all that")
    }

    @Test func `a flood of frames ends with 1008, and nothing of it is heard after that`() async throws {
        var limits = WebSocketLimits()
        limits.frames = .init(perMinute: 1, burst: 3)
        let stage = try await audience.stage(.plain(), limits)
        for flood in [Client.text("x"), Client.frame(9), Client.frame(0x0A), Client.frame(2)] {
            let client = try Client(stage)
            try client.send((0..<50).flatMap { _ in flood })
            var answers = 0
            while let frame = client.next(), frame.code == nil { answers += 1 }
            #expect(answers <= 4)
        }
        #expect(await stage.refusal { $0 == .webSocket("too many frames") })
        #expect(await audience.ended(4))
    }

    @Test func `a client that does not read is let go, and never holds more than the limit`() async throws {
        let stage = try await audience.stage()
        let client = try Client(stage)
        #expect(client.next()?.text == "hello")
        let peer = try #require(audience.peers.first)
        let text = ByteBuffer(repeating: UInt8(ascii: "x"), count: 32 << 10)
        var most = 0
        // The kernel takes some megabytes before anything waits.
        for _ in 0..<4096 {
            peer.send(text)
            most = max(most, peer.backlog)
        }
        #expect(await stage.refusal { $0 == .webSocket("it does not read what it is sent") })
        #expect(await audience.ended(1))
        #expect(most <= 300 << 10)
        // What was taken before arrives; what came too late does not.
        var received = 0
        while let frame = client.next(), frame.opcode == 1 { received += 1 }
        #expect(received < 4096)
        peer.send(text)
    }

    @Test func `who answers pings stays, who is silent for two of them is gone`() async throws {
        var limits = WebSocketLimits()
        limits.ping = Interval(microseconds: 20_000)
        let stage = try await audience.stage(.plain(), limits)
        let lively = try Client(stage)
        var pings = 0
        while pings < 5, let frame = lively.next() {
            guard frame.opcode == 9 else { continue }
            pings += 1
            try lively.send(Client.frame(10, frame.payload))
        }
        #expect(pings == 5)
        let silent = try Client(stage)
        var opcodes: [UInt8] = []
        while let frame = silent.next() { opcodes.append(frame.opcode) }
        #expect(opcodes == [1, 9, 9])
        #expect(await stage.refusal { $0 == .webSocket("it answered no ping") })
    }

    @Test func `who does not answer our farewell is cut off`() async throws {
        var limits = WebSocketLimits()
        limits.farewell = Interval(microseconds: 20_000)
        let stage = try await audience.stage(.plain(), limits)
        let client = try Client(stage)
        #expect(client.next()?.text == "hello")
        audience.peers.first?.close(.normal)
        #expect(client.next()?.code == 1000)
        #expect(client.next() == nil)
        #expect(await audience.ended(1))
    }

    @Test func `texts of other threads arrive in their order`() async throws {
        let stage = try await audience.stage()
        let client = try Client(stage)
        #expect(client.next()?.text == "hello")
        let peer = try #require(audience.peers.first)
        for number in 0..<200 { peer.send(ByteBuffer(string: "\(number)")) }
        peer.close()
        peer.send(ByteBuffer(string: "too late"))
        var texts: [String] = []
        while let frame = client.next(), frame.code == nil { texts.append(frame.text) }
        #expect(texts == (0..<200).map(String.init))
    }
}
