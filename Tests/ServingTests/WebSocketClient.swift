import Linux
import NIOCore
import Synchronization
import TestKit
import Values

@testable import Serving

/// A WebSocket client that can do what a proper one never does.
final class WebSocketClient {
    struct Frame: Equatable {
        var opcode: UInt8
        var payload: [UInt8]
        var text: String { String(decoding: payload, as: UTF8.self) }
        /// Of a close frame.
        var code: Int? { opcode == 8 && payload.count >= 2 ? Int(payload[0]) << 8 | Int(payload[1]) : nil }
    }

    static let key = "dGhlIHNhbXBsZSBub25jZQ=="

    static func request(_ path: String = "/ws", _ headers: String...) -> String {
        get(
            path,
            (["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: \(key)"]
                + headers).joined(separator: "\r\n"))
    }

    private let connection: TCPConnection
    private var buffer: [UInt8] = []
    private(set) var head = ""

    /// Opens one; `behind` are bytes that come in the same segment as the request.
    init(_ stage: Stage, behind: [UInt8] = []) throws {
        connection = try stage.connect()
        try connection.send(Array(WebSocketClient.request().utf8) + behind)
        while let more = try? connection.receive(), !more.isEmpty {
            buffer += more
            let text = String(decoding: buffer, as: UTF8.self)
            guard let end = text.firstRange(of: "\r\n\r\n") else { continue }
            head = String(text[..<end.upperBound])
            buffer.removeFirst(head.utf8.count)
            return
        }
    }

    /// A frame as a client sends it, masked unless told otherwise.
    static func frame(
        _ opcode: UInt8, _ payload: [UInt8] = [], isLast: Bool = true, reserved: UInt8 = 0, isMasked: Bool = true,
        length: UInt64? = nil
    ) -> [UInt8] {
        var bytes = [opcode | (isLast ? 0x80 : 0) | reserved]
        let length = length ?? UInt64(payload.count)
        let mask: UInt8 = isMasked ? 0x80 : 0
        switch length {
        case 0...125: bytes.append(UInt8(length) | mask)
        case 126...0xFFFF: bytes += [126 | mask, UInt8(length >> 8), UInt8(truncatingIfNeeded: length)]
        default: bytes += [127 | mask] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) }
        }
        guard isMasked else { return bytes + payload }
        let key: [UInt8] = [0x12, 0xA4, 0x7F, 0x03]
        return bytes + key + payload.enumerated().map { $1 ^ key[$0 % 4] }
    }

    static func text(_ text: String) -> [UInt8] { frame(1, Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws { try connection.send(bytes) }

    /// The server's next frame; nil at the end of the connection.
    func next() -> Frame? {
        while true {
            if let frame = takeFrame() { return frame }
            guard let more = try? connection.receive(), !more.isEmpty else { return nil }
            buffer += more
        }
    }

    /// The code that the connection ends with; what comes before it is skipped.
    func end() -> Int? {
        while let frame = next() {
            if let code = frame.code { return code }
        }
        return nil
    }

    private func takeFrame() -> Frame? {
        guard buffer.count >= 2 else { return nil }
        var start = 2
        var length = Int(buffer[1] & 0x7F)
        if length >= 126 {
            let width = length == 126 ? 2 : 8
            guard buffer.count >= 2 + width else { return nil }
            length = buffer[2..<2 + width].reduce(0) { $0 << 8 | Int($1) }
            start += width
        }
        guard buffer.count >= start + length else { return nil }
        defer { buffer.removeFirst(start + length) }
        return Frame(opcode: buffer[0] & 0x0F, payload: Array(buffer[start..<start + length]))
    }
}

/// What a program holds of its WebSockets: says `hello`, answers each text with `you said …`.
final class Audience: Sendable {
    private let open = Mutex<[WebSocketPeer]>([])
    private let closed = Mutex(0)

    var peers: [WebSocketPeer] { open.withLock { $0 } }
    var closedCount: Int { closed.withLock { $0 } }

    var handlers: WebSocketHandlers {
        WebSocketHandlers(
            onOpen: { [self] peer in
                open.withLock { $0.append(peer) }
                peer.send(.init(string: "hello"))
            },
            onText: { peer, text in peer.send(.init(string: "you said " + String(buffer: text))) },
            onClose: { [self] _ in closed.withLock { $0 += 1 } })
    }

    /// Waits until so many have ended.
    func ended(_ count: Int) async -> Bool {
        for _ in 0..<4000 {
            if closedCount == count { return true }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return false
    }

    func stage(_ tls: TLSHolder = .plain(), _ limits: WebSocketLimits = WebSocketLimits()) async throws -> Stage {
        var all = ServerLimits()
        all.webSockets = limits
        let handlers = handlers
        return try await Stage(tls, limits: all) { request in
            request.path == "/ws" ? .webSocket(handlers) : Stage.echo(request)
        }
    }
}
