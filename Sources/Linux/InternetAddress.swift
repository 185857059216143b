/// An IPv4 or IPv6 address.
public struct InternetAddress: Hashable, Sendable, CustomStringConvertible {
    public enum Family: UInt8, Hashable, Sendable { case ipv4, ipv6 }

    public let family: Family
    /// The first and the last eight bytes in network order; an IPv4 address is the last four.
    public let high: UInt64
    public let low: UInt64

    public init(ipv4: UInt32) {
        family = .ipv4
        high = 0
        low = UInt64(ipv4)
    }

    public init(ipv6 high: UInt64, _ low: UInt64) {
        family = .ipv6
        self.high = high
        self.low = low
    }

    /// 4 or 16 bytes in network order; nil for any other number of them.
    public init?(bytes: some Collection<UInt8>) {
        switch bytes.count {
        case 4: self.init(ipv4: bytes.reduce(0) { $0 << 8 | UInt32($1) })
        case 16:
            self.init(
                ipv6: bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) },
                bytes.suffix(8).reduce(0) { $0 << 8 | UInt64($1) })
        default: return nil
        }
    }

    /// `::ffff:0:0/96` (RFC 4291 §2.5.5.2): IPv4 traffic on an IPv6 socket.
    public var isMapped: Bool { family == .ipv6 && high == 0 && low >> 32 == 0xFFFF }

    /// `0.0.0.0` or `::`: every address of the host.
    public var isUnspecified: Bool { high == 0 && low == 0 }

    /// In the form of RFC 5952: `0.0.0.0`, `::1`, `2001:db8::8:800:200c:417a`, `::ffff:10.0.0.1`.
    public var description: String {
        if family == .ipv4 { return dotted }
        if isMapped { return "::ffff:" + dotted }
        let groups = (0..<8).map { index in
            UInt16(truncatingIfNeeded: (index < 4 ? high : low) >> UInt64(48 - index % 4 * 16))
        }
        guard let gap = longestZeroRun(groups) else { return joined(groups[...]) }
        return joined(groups[..<gap.lowerBound]) + "::" + joined(groups[gap.upperBound...])
    }

    private var dotted: String {
        "\(low >> 24 & 255).\(low >> 16 & 255).\(low >> 8 & 255).\(low & 255)"
    }

    private func joined(_ groups: ArraySlice<UInt16>) -> String {
        groups.map { String($0, radix: 16) }.joined(separator: ":")
    }

    /// The first of the longest runs of two or more zero groups (RFC 5952 §4.2).
    private func longestZeroRun(_ groups: [UInt16]) -> Range<Int>? {
        var best: Range<Int>?
        var start = 0
        while start < 8 {
            guard groups[start] == 0 else {
                start += 1
                continue
            }
            let end = groups[start...].firstIndex { $0 != 0 } ?? 8
            if end - start > max(1, best?.count ?? 0) { best = start..<end }
            start = end
        }
        return best
    }
}
