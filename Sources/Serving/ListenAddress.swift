public import Values

/// Where to listen: an address and a port.
public struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    public var address: IPAddress
    /// 0 leaves the choice to the kernel.
    public var port: UInt16
    /// Whether `::` leaves IPv4 to others (IPV6_V6ONLY, ipv6(7)).
    public var isIPv6Only: Bool

    public init(_ address: IPAddress, port: UInt16, isIPv6Only: Bool = false) {
        self.address = address
        self.port = port
        self.isIPv6Only = isIPv6Only
    }

    public var description: String { address.family == .ipv6 ? "[\(address)]:\(port)" : "\(address):\(port)" }
}
