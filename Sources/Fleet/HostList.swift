import Values

/// Hosts from all that they may come from, each once.
public struct HostList: Sendable {
    public private(set) var hosts: [FleetHost] = []
    private var names: Set<String> = []

    public init() {}

    public var isEmpty: Bool { hosts.isEmpty }

    public mutating func add(_ host: FleetHost) {
        if names.insert(host.name).inserted { hosts.append(host) }
    }

    /// `host`, `user@host`, or a node set of them.
    public mutating func add(word: some StringProtocol) throws(HostListFault) {
        for name in try NodeSet.expand(word) {
            guard let host = FleetHost(word: name) else {
                throw HostListFault("'\(name.harmless(limit: 80))' is no name of a host")
            }
            add(host)
        }
    }

    /// A line for a host or a node set; what follows `#` is a comment.
    public mutating func add(lines text: [UInt8]) throws(HostListFault) {
        for line in String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline) {
            for word in line.prefix(while: { $0 != "#" }).split(whereSeparator: \.isWhitespace) { try add(word: word) }
        }
    }
}
