/// An IPv4 or IPv6 address (RFC 4291 §2.2), held without a heap allocation; two spellings of one address are equal.
public struct IPAddress: Hashable, Sendable {
    public enum Family: String, Hashable, Sendable { case ipv4, ipv6 }

    public let family: Family
    /// The first and the last eight bytes as numbers; an IPv4 address is the last four.
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

    /// 4 or 16 bytes in network order, as a socket or a certificate's iPAddress holds them; nil for any other number
    /// of them.
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

    /// `0.0.0.0` or `::`: every address of the host.
    public var isWildcard: Bool { high == 0 && low == 0 }

    /// 127.0.0.0/8, its v4-mapped form, or `::1`.
    public var isLoopback: Bool {
        let plain = unmapped
        return plain.family == .ipv4 ? plain.low >> 24 == 127 : high == 0 && low == 1
    }

    /// 169.254.0.0/16 or fe80::/10: valid on one link only.
    public var isLinkLocal: Bool { family == .ipv4 ? low >> 16 == 0xA9FE : high >> 54 == 0xFE80 >> 6 }

    /// `::ffff:0:0/96` (RFC 4291 §2.5.5.2): IPv4 traffic on an IPv6 socket.
    public var isMapped: Bool { family == .ipv6 && high == 0 && low >> 32 == 0xFFFF }

    /// The IPv4 address inside a mapped one; any other address as it is.
    public var unmapped: IPAddress { isMapped ? IPAddress(ipv4: UInt32(truncatingIfNeeded: low)) : self }
}
