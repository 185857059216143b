import Values

/// One YAML document, read within limits that no hostile file can stretch.
public struct Document: Sendable {
    /// nil where the text holds no value at all.
    public let root: Node?
    /// Keys that a mapping has more than once; the first one counts.
    public let duplicates: [Duplicate]

    public struct Duplicate: Sendable, Hashable {
        public let key: String
        public let line: Int
        public let column: Int
        public let firstLine: Int
    }

    /// What is read at most.
    public struct Limits: Sendable {
        public var bytes = 1 << 20
        public var depth = 64
        /// With every alias counted as often as it is used: a few hundred bytes can ask for billions.
        public var nodes = 100_000

        public init() {}
    }

    /// Parses UTF-8, with or without a byte order mark.
    public init(_ bytes: [UInt8], limits: Limits = Limits()) throws(YAMLError) {
        guard bytes.count <= limits.bytes else {
            throw YAMLError(
                line: nil, column: nil,
                problem:
                    "the file is \(Bytes(UInt64(bytes.count)).readable) long, \(Bytes(UInt64(limits.bytes)).readable) is the most that is read"
            )
        }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let offset = bytes.starts(with: mark) ? mark.count : 0
        var composer = Composer(places: Places(bytes, from: offset), limits: limits)
        let parser = try Parser(offset == 0 ? bytes : Array(bytes[offset...]))
        while true {
            let event = try parser.next()
            if case .end = event.kind { break }
            try composer.take(event)
        }
        root = composer.root
        duplicates = composer.duplicates
    }
}

/// Why a text is no YAML document that we read, and where.
public struct YAMLError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Counted from 1; nil where it is about the whole text.
    public let line: Int?
    public let column: Int?
    /// libyaml's words: `did not find expected key`.
    public let problem: String

    public var description: String {
        guard let line else { return problem }
        return "line \(line), column \(column ?? 1): \(problem)"
    }
}

/// Byte offsets of characters: libyaml counts its marks in characters.
struct Places {
    /// Offset of every 64th character, so that a look-up walks at most 63.
    private let anchors: [Int]
    private let bytes: [UInt8]

    init(_ bytes: [UInt8], from start: Int) {
        var anchors: [Int] = []
        var characters = 0
        for offset in bytes.indices[start...] where bytes[offset] & 0xC0 != 0x80 {
            if characters & 63 == 0 { anchors.append(offset) }
            characters += 1
        }
        self.anchors = anchors
        self.bytes = bytes
    }

    /// Where the character with this index begins; the end of the text for all beyond it.
    func offset(of character: Int) -> Int {
        guard character >= 0, character >> 6 < anchors.count else { return bytes.count }
        var offset = anchors[character >> 6]
        for _ in 0..<(character & 63) {
            guard offset < bytes.count else { break }
            offset += 1
            while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
        }
        return offset
    }
}
