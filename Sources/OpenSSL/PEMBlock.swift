import Values

/// One `-----BEGIN …-----` block of a text file (RFC 7468), by its place; its content is decoded by who may see it.
public struct PEMBlock: Hashable, Sendable {
    /// What stands behind BEGIN: `CERTIFICATE`, `EC PRIVATE KEY`.
    public let label: String
    /// Where it begins, counted from 1.
    public let line: Int
    /// From the first hyphen of BEGIN up to and including the line break after END.
    public let bytes: Range<Int>
    /// Whether its END line is there before the next BEGIN or the end of the file.
    public let isComplete: Bool
    /// An RFC 1421 header says `ENCRYPTED`, or the label does (PKCS #8).
    public let isEncrypted: Bool

    public var isCertificate: Bool { ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"].contains(label) }
    public var isPrivateKey: Bool { label.hasSuffix("PRIVATE KEY") }
    public var isRevocationList: Bool { label == "X509 CRL" }

    /// How many blocks of one file are looked at; a system's whole bundle of roots has about 150.
    public static let limit = 1000

    /// The blocks of a file in their order, at most `limit` of them.
    public static func all(in bytes: [UInt8]) -> [PEMBlock] {
        var scanner = Scanner(bytes: bytes)
        scanner.run()
        return scanner.blocks
    }
}

/// Walks the lines once; a block is open from its BEGIN line on.
private struct Scanner {
    let bytes: [UInt8]
    var blocks: [PEMBlock] = []
    var open: (label: String, line: Int, start: Int, encrypted: Bool)?

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func run() {
        var start = 0
        var line = 1
        while start < bytes.count, blocks.count < PEMBlock.limit {
            var end = start
            while end < bytes.count, bytes[end] != 10, bytes[end] != 13 { end += 1 }
            var next = end
            if next < bytes.count {
                next += bytes[next] == 13 && next + 1 < bytes.count && bytes[next + 1] == 10 ? 2 : 1
            }
            take(bytes[start..<end], line: line, at: start, until: next)
            start = next
            line += 1
        }
        close(at: bytes.count, complete: false)
    }

    private mutating func take(_ text: ArraySlice<UInt8>, line: Int, at start: Int, until next: Int) {
        guard text.count >= 10, text.starts(with: "-----".utf8) else {
            if open != nil, text.starts(with: "Proc-Type:".utf8), contains(text, "ENCRYPTED") { open?.encrypted = true }
            return
        }
        if let label = label(of: text, after: "-----BEGIN ") {
            close(at: start, complete: false)
            open = (label, line, start, label.contains("ENCRYPTED"))
        } else if let label = label(of: text, after: "-----END "), label == open?.label {
            close(at: next, complete: true)
        }
    }

    private mutating func close(at end: Int, complete: Bool) {
        guard let block = open, blocks.count < PEMBlock.limit else { return }
        open = nil
        blocks.append(
            PEMBlock(
                label: block.label, line: block.line, bytes: block.start..<end, isComplete: complete,
                isEncrypted: block.encrypted))
    }

    private func label(of text: ArraySlice<UInt8>, after prefix: String) -> String? {
        guard text.starts(with: prefix.utf8) else { return nil }
        var rest = text.dropFirst(prefix.utf8.count)
        while let last = rest.last, last == 32 || last == 9 { rest = rest.dropLast() }
        guard rest.count > 5, rest.suffix(5).elementsEqual("-----".utf8) else { return nil }
        return String(decoding: rest.dropLast(5).prefix(64), as: UTF8.self).harmless(limit: 64)
    }

    private func contains(_ text: ArraySlice<UInt8>, _ word: String) -> Bool {
        let word = Array(word.utf8)
        guard text.count >= word.count else { return false }
        return text.indices.dropLast(word.count - 1).contains { text[$0..<($0 + word.count)].elementsEqual(word) }
    }
}
