extension IPAddress: CustomStringConvertible {
    /// 4 or 16 bytes in network order, as a certificate's iPAddress holds them; nil for any other number of them.
    public init?(bytes: some Collection<UInt8>) {
        let bytes = Array(bytes)
        switch bytes.count {
        case 4: self.init(bytes.map { String($0) }.joined(separator: "."))
        case 16: self.init(IPAddress.groups(of: bytes).map { String($0, radix: 16) }.joined(separator: ":"))
        default: return nil
        }
    }

    /// 169.254.0.0/16 or fe80::/10: valid on one link only.
    public var isLinkLocal: Bool {
        family == .ipv4 ? bytes[0] == 169 && bytes[1] == 254 : bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80
    }

    /// Dotted decimal, or the one spelling of RFC 5952: `10.0.0.1`, `2001:db8::1`, `::ffff:10.0.0.1`.
    public var description: String {
        if family == .ipv4 { return bytes.map { String($0) }.joined(separator: ".") }
        if unmapped.family == .ipv4 { return "::ffff:\(unmapped)" }
        let groups = IPAddress.groups(of: bytes)
        let words = groups.map { String($0, radix: 16) }
        guard let gap = IPAddress.longestZeros(groups) else { return words.joined(separator: ":") }
        return words[..<gap.lowerBound].joined(separator: ":") + "::" + words[gap.upperBound...].joined(separator: ":")
    }

    private static func groups(of bytes: [UInt8]) -> [UInt16] {
        stride(from: 0, to: 16, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
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
