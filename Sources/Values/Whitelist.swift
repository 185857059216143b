/// The addresses that may connect: single ones and networks in CIDR notation (RFC 4632, RFC 4291 §2.3).
///
/// IPv4 addresses inside IPv6 ones (`::ffff:10.0.0.1`) are the IPv4 address, in entries and peers alike: a dual-stack
/// socket shows IPv4 peers in that form. Zones (`%eth0`) are left aside. An empty list admits nobody.
public struct Whitelist: Hashable, Sendable {
    /// A line that is neither an address nor a network.
    public struct InvalidEntry: Error, Hashable, Sendable, CustomStringConvertible {
        public let entry: String
        public let reason: String
        public var description: String { "whitelist entry '\(entry.harmless(limit: 80))': \(reason)" }
    }

    private struct Network: Hashable, Sendable {
        let family: IPAddress.Family
        let high: UInt64
        let low: UInt64
        let maskHigh: UInt64
        let maskLow: UInt64
    }

    private let single: Set<IPAddress>
    private let networks: [Network]

    /// Entries as the file has them; host names are resolved before they get here.
    public init(_ entries: [String]) throws(InvalidEntry) {
        var single: Set<IPAddress> = []
        var networks: [Network] = []
        for entry in entries {
            if let slash = entry.lastIndex(of: "/") {
                networks.append(try Whitelist.network(entry, slash: slash))
            } else if let address = IPAddress(entry) {
                single.insert(address.unmapped)
            } else {
                throw InvalidEntry(entry: entry, reason: "it is neither an address nor a network such as 10.0.0.0/8")
            }
        }
        self.single = single
        self.networks = networks
    }

    public var isEmpty: Bool { single.isEmpty && networks.isEmpty }
    public var count: Int { single.count + networks.count }

    public func admits(_ peer: IPAddress) -> Bool {
        let peer = peer.unmapped
        if single.contains(peer) { return true }
        return networks.contains { network in
            network.family == peer.family && peer.high & network.maskHigh == network.high
                && peer.low & network.maskLow == network.low
        }
    }

    private static func network(_ entry: String, slash: String.Index) throws(InvalidEntry) -> Network {
        let digits = entry[entry.index(after: slash)...]
        guard let address = IPAddress(String(entry[..<slash])) else {
            throw InvalidEntry(entry: entry, reason: "what stands before the '/' is no address")
        }
        guard (1...3).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }),
            var length = Int(digits), length <= (address.family == .ipv4 ? 32 : 128)
        else { throw InvalidEntry(entry: entry, reason: "'\(digits.prefix(8))' is no prefix length") }
        var base = address
        if address.isMapped, length >= 96 {
            base = address.unmapped
            length -= 96
        }
        let maskHigh = base.family == .ipv4 ? UInt64.max : mask(length)
        let maskLow = base.family == .ipv4 ? mask(length + 32) : mask(length - 64)
        return Network(
            family: base.family, high: base.high & maskHigh, low: base.low & maskLow, maskHigh: maskHigh,
            maskLow: maskLow)
    }

    /// The topmost `bits` of 64.
    private static func mask(_ bits: Int) -> UInt64 {
        bits <= 0 ? 0 : bits >= 64 ? .max : ~(UInt64.max >> UInt64(bits))
    }
}
