public import Values

/// Who may connect to the agent, where its manager is, and whom the agent turned away.
public struct WhitelistFact: Hashable, Sendable, Codable {
    public var file: FileFact
    /// Addresses and networks as the file has them; of more than 4096 the first ones.
    public var entries: [String] = []
    public var entriesLeftOut = 0
    public var hostNames: [String] = []
    /// The addresses that hosts(5) has for those names; no name server is asked.
    public var namedAddresses: [String] = []
    /// Why nobody can be let in by it, in the agent's own words.
    public var problem: String?
    /// The manager's host as the configuration, or else the enrollment's record, names it: an address or a name.
    public var manager: String?
    /// The manager's addresses, as far as they are written down on this host.
    public var managerAddresses: [String] = []
    /// Whom the running service refused for not being in its whitelist, by its own log.
    public var refusals: Reading<[RefusedPeer]>

    public init(file: FileFact) {
        self.file = file
        refusals = .missing(Absence("refused connections", .notLookedFor, why: "nobody looked"))
    }
}

/// A peer that was turned away, and when last.
public struct RefusedPeer: Hashable, Sendable, Codable {
    public var address: String
    /// Lines that say so; the agent writes fewer of them than there are connections.
    public var lines: Int
    public var last: WallTime
    public var cursor: String

    public init(address: String, lines: Int, last: WallTime, cursor: String) {
        self.address = address
        self.lines = lines
        self.last = last
        self.cursor = cursor
    }
}
