/// A value of a YAML document, with its place in the text.
public struct Node: Sendable {
    public indirect enum Content: Sendable {
        case scalar(Scalar)
        case sequence([Node])
        case mapping([Entry])
    }

    public struct Entry: Sendable {
        public let key: Node
        public let value: Node
    }

    public let content: Content
    /// Counted from 1.
    public let line: Int
    public let column: Int

    public var scalar: Scalar? { if case .scalar(let scalar) = content { scalar } else { nil } }
    public var entries: [Entry]? { if case .mapping(let entries) = content { entries } else { nil } }
    public var elements: [Node]? { if case .sequence(let elements) = content { elements } else { nil } }

    /// The value of the first entry whose key is this scalar.
    public subscript(key: String) -> Node? { entries?.first { $0.key.scalar?.text == key }?.value }

    /// As a message names it: `a mapping`.
    public var kind: String {
        switch content {
        case .scalar(let scalar): scalar.isNull ? "empty" : "a plain value"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}

/// A text in a YAML document, before a type is read into it.
public struct Scalar: Sendable, Hashable {
    /// Unescaped.
    public let text: String
    /// Not in quotes and no block: only then can it be a number, a boolean or null.
    public let isPlain: Bool
    /// Where it stands in the source, anchor, tag and quotes included.
    public let bytes: Range<Int>

    /// `null` of the core schema (YAML 1.2.2 §10.3.2).
    public var isNull: Bool { isPlain && ["", "~", "null", "Null", "NULL"].contains(text) }

    /// `true` or `false` of the core schema; YAML 1.1's `yes` and `on` are text.
    public var boolean: Bool? {
        guard isPlain else { return nil }
        if ["true", "True", "TRUE"].contains(text) { return true }
        return ["false", "False", "FALSE"].contains(text) ? false : nil
    }

    /// A decimal, `0x` or `0o` integer of the core schema that fits 64 bits.
    public var integer: Int64? {
        guard isPlain else { return nil }
        if text.hasPrefix("0x") { return digits(text.dropFirst(2), radix: 16) }
        if text.hasPrefix("0o") { return digits(text.dropFirst(2), radix: 8) }
        let sign = text.hasPrefix("-") ? "-" : ""
        let rest = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
        guard !rest.isEmpty, rest.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int64(sign + rest)
    }

    /// Whether a reader with a schema takes it for something else than text.
    public var isText: Bool { !isNull && boolean == nil && integer == nil && !isFraction }

    private var isFraction: Bool { isPlain && text.utf8.contains { (48...57).contains($0) } && Double(text) != nil }

    private func digits(_ text: Substring, radix: Int) -> Int64? {
        guard let first = text.first, first.isHexDigit else { return nil }
        return Int64(text, radix: radix)
    }
}
