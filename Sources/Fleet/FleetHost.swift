public import Values

/// A host as OpenSSH is asked for it: a name or an alias of ssh_config(5), or an address, and what an inventory says
/// beside it.
public struct FleetHost: Hashable, Sendable, Comparable {
    /// What the fleet calls it; unique in a roll-call.
    public let name: String
    /// What ssh connects to; an alias of ssh_config(5) as often as not.
    public let destination: String
    /// nil for what ssh_config(5) says.
    public let user: String?
    public let port: Port?

    /// nil where ssh could take a part for an option or a shell could take it for more than a word.
    public init?(_ name: String, destination: String? = nil, user: String? = nil, port: Port? = nil) {
        let destination = destination ?? name
        guard Self.isPlain(name), Self.isPlain(destination), user.map(Self.isPlain) ?? true else { return nil }
        self.name = name
        self.destination = destination
        self.user = user
        self.port = port
    }

    /// `host` or `user@host`, as ssh(1) takes them.
    public init?(word: some StringProtocol) {
        let parts = String(word).split(separator: "@" as Character, omittingEmptySubsequences: false).map(String.init)
        switch parts.count {
        case 1: self.init(parts[0])
        case 2: self.init(parts[1], user: parts[0])
        default: return nil
        }
    }

    /// Letters, digits and what stands in names and addresses: no blank, no quote, no dash in front.
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, first != UInt8(ascii: "-"), text.utf8.count <= 255 else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: ".-_:%".utf8.contains(byte)
            }
        }
    }

    public static func < (left: FleetHost, right: FleetHost) -> Bool { left.name < right.name }
}

/// Why a list of hosts can't be used.
public struct HostListFault: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
    init(_ words: String) { description = words }

    public init(tooLong path: String) {
        self.init("'\(path.harmless(limit: 400))' is too long for a list of hosts: more than 64 MiB")
    }
}
