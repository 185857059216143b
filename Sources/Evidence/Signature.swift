/// The reason of a failure with everything taken out that differs from one attempt to the next: times, numbers,
/// addresses, identifiers, escape sequences. Two failures with equal signatures failed for the same reason.
///
/// Names keep their digits: files, paths, hosts, programs (`ca-2026.pem`, `/srv/node7/key.pem`, `TLSv1.3`, `sha256`).
/// Works on bytes, since a log line need be no text, and into one buffer, so that a hundred thousand lines cost no
/// allocation.
public struct Signature: Sendable {
    /// The signature of the line that `read` was last given, at most `limit` bytes.
    public private(set) var bytes: [UInt8] = []
    private var words = LineWords()

    private static let limit = 240
    /// A line is read so far; what differs only behind that is the same.
    private static let inputLimit = 2048

    private static let number = Array("<n>".utf8)
    private static let address = Array("<addr>".utf8)
    private static let time = Array("<time>".utf8)
    private static let identifier = Array("<id>".utf8)

    public init() { bytes.reserveCapacity(2 * Signature.limit) }

    /// Takes a signature that was read before.
    public mutating func restore(_ bytes: [UInt8]) { self.bytes = bytes }

    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// FNV-1a; whoever looks signatures up by it compares the bytes too.
    public var hash: UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return hash
    }

    /// The signature of one line of text.
    public static func of(_ line: String) -> String {
        var signature = Signature()
        signature.read(Array(line.utf8))
        return signature.text
    }

    public mutating func read(_ line: [UInt8]) { read(line.span) }

    public mutating func read(_ line: Span<UInt8>) {
        bytes.removeAll(keepingCapacity: true)
        words.load(line, limit: Signature.inputLimit)
        var index = 0
        while index < words.count, bytes.count < Signature.limit {
            let byte = words.line[index]
            if byte == 0x1B {
                index = words.afterEscape(index)
            } else if byte <= 0x20 || byte == 0x7F {
                space()
                index += 1
            } else if let word = words.word(at: index) {
                switch word.kind {
                case .name: for at in index..<word.end { bytes.append(words.line[at]) }
                case .number: bytes += Signature.number
                case .address: bytes += Signature.address
                // A log's own stamp in front says nothing of the reason.
                case .time: if !bytes.isEmpty { bytes += Signature.time }
                case .identifier: bytes += Signature.identifier
                }
                index = word.end
            } else {
                bytes.append(byte)
                index += 1
            }
        }
        while bytes.last == 0x20 { bytes.removeLast() }
        if bytes.count > Signature.limit { cut() }
    }

    /// Blanks and control characters count as one space, and as none at the start.
    private mutating func space() {
        if let last = bytes.last, last != 0x20 { bytes.append(0x20) }
    }

    /// Cuts at the limit, not inside of a UTF-8 sequence.
    private mutating func cut() {
        var end = Signature.limit
        while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        bytes.removeSubrange(end...)
    }
}

extension Array<UInt8> {
    /// These bytes without ECMA-48 escape sequences, which colour a terminal and only garble a report.
    public var withoutEscapeSequences: [UInt8] {
        guard contains(0x1B) else { return self }
        var words = LineWords()
        words.load(span, limit: count)
        var result: [UInt8] = []
        var index = 0
        while index < count {
            if self[index] == 0x1B {
                index = words.afterEscape(index)
            } else {
                result.append(self[index])
                index += 1
            }
        }
        return result
    }
}
