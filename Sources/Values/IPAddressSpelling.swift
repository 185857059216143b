extension IPAddress: CustomStringConvertible {
    /// Reads `10.0.0.1`, `fd00::1`, `[fd00::1]`, `fe80::1%eth0` (the zone is left aside) and `::ffff:10.0.0.1`; nil for
    /// anything else, names included.
    public init?(_ text: String) {
        var text = Substring(text)
        if text.first == "[", text.last == "]" { text = text.dropFirst().dropLast() }
        guard let bytes = IPAddress.ipv4(text) ?? IPAddress.ipv6(text.prefix { $0 != "%" }) else { return nil }
        self.init(bytes: bytes)
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

    /// Dotted decimal, or the one spelling of RFC 5952: `10.0.0.1`, `2001:db8::1`, `::ffff:10.0.0.1`.
    public var description: String {
        if family == .ipv4 { return dotted }
        if isMapped { return "::ffff:" + dotted }
        let groups = (0..<8).map { index in
            UInt16(truncatingIfNeeded: (index < 4 ? high : low) >> UInt64(48 - index % 4 * 16))
        }
        guard let gap = IPAddress.longestZeros(groups) else { return IPAddress.joined(groups[...]) }
        return IPAddress.joined(groups[..<gap.lowerBound]) + "::" + IPAddress.joined(groups[gap.upperBound...])
    }

    private var dotted: String { "\(low >> 24 & 255).\(low >> 16 & 255).\(low >> 8 & 255).\(low & 255)" }

    private static func joined(_ groups: ArraySlice<UInt16>) -> String {
        groups.map { String($0, radix: 16) }.joined(separator: ":")
    }

    /// The first of the longest runs of at least two zero groups (RFC 5952 §4.2).
    private static func longestZeros(_ groups: [UInt16]) -> Range<Int>? {
        var best: Range<Int>?
        var start = 0
        while start < groups.count {
            let end = groups[start...].firstIndex { $0 != 0 } ?? groups.count
            if end - start >= 2, end - start > best?.count ?? 0 { best = start..<end }
            start = max(end, start) + 1
        }
        return best
    }
}
