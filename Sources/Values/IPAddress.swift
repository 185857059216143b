/// An IPv4 or IPv6 address (RFC 4291 §2.2), so that two spellings of one address compare equal.
public struct IPAddress: Hashable, Sendable {
    public enum Family: String, Hashable, Sendable { case ipv4, ipv6 }

    public let family: Family
    /// 4 or 16 bytes in network order.
    public let bytes: [UInt8]

    /// Reads `10.0.0.1`, `fd00::1`, `[fd00::1]`, `fe80::1%eth0` (the zone is left aside) and `::ffff:10.0.0.1`; nil for
    /// anything else, names included.
    public init?(_ text: String) {
        var text = Substring(text)
        if text.first == "[", text.last == "]" { text = text.dropFirst().dropLast() }
        if let bytes = Self.ipv4(text) {
            (family, self.bytes) = (.ipv4, bytes)
        } else if let bytes = Self.ipv6(text.prefix { $0 != "%" }) {
            (family, self.bytes) = (.ipv6, bytes)
        } else {
            return nil
        }
    }

    private init(_ family: Family, _ bytes: [UInt8]) {
        self.family = family
        self.bytes = bytes
    }

    /// `0.0.0.0` or `::`.
    public var isWildcard: Bool { bytes.allSatisfy { $0 == 0 } }

    /// 127.0.0.0/8, its v4-mapped form, or `::1`.
    public var isLoopback: Bool {
        let plain = unmapped
        if plain.family == .ipv4 { return plain.bytes[0] == 127 }
        return plain.bytes.dropLast().allSatisfy { $0 == 0 } && plain.bytes.last == 1
    }

    /// The IPv4 address inside `::ffff:0:0/96`; any other address as it is.
    public var unmapped: IPAddress {
        guard family == .ipv6, bytes.prefix(10).allSatisfy({ $0 == 0 }), bytes[10] == 0xff, bytes[11] == 0xff else {
            return self
        }
        return IPAddress(.ipv4, Array(bytes.suffix(4)))
    }

    private static func ipv4(_ text: Substring) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        let bytes = parts.compactMap { part in
            part.utf8.allSatisfy { (48...57).contains($0) } && part.utf8.count <= 3 ? UInt8(part) : nil
        }
        return bytes.count == 4 ? bytes : nil
    }

    private static func ipv6(_ text: Substring) -> [UInt8]? {
        guard text.utf8.count <= 45, text.contains(":") else { return nil }
        guard let gap = text.firstRange(of: "::") else {
            return groups(text).flatMap { $0.count == 16 ? $0 : nil }
        }
        guard let head = groups(text[..<gap.lowerBound], dotted: false), let tail = groups(text[gap.upperBound...]),
            head.count + tail.count <= 14
        else { return nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    /// Groups of four hexadecimal digits; where `dotted`, the last may be an IPv4 address instead.
    private static func groups(_ text: Substring, dotted: Bool = true) -> [UInt8]? {
        if text.isEmpty { return [] }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var bytes: [UInt8] = []
        for (index, part) in parts.enumerated() {
            if dotted, index == parts.count - 1, let address = ipv4(part) {
                bytes += address
            } else if (1...4).contains(part.utf8.count), part.first?.isHexDigit == true,
                let group = UInt16(part, radix: 16)
            {
                bytes += [UInt8(group >> 8), UInt8(group & 0xff)]
            } else {
                return nil
            }
        }
        return bytes.count <= 16 ? bytes : nil
    }
}
