public import Values

/// Every socket of one TCP port in the host's network namespace, and who holds it.
public struct PortFact: Hashable, Sendable, Codable {
    public var port: Port
    public var listeners: [Listener]
    /// Sockets of the port in states other than LISTEN, counted by the kernel's name of the state.
    public var otherStates: [String: Int]
    /// Outbound connections that have the port as their source port while nobody listens on it.
    public var clients: [ClientSocket]
    /// Sockets bound to the port without listening; only a look through the descriptor finds them.
    public var bound: [BoundSocket]
    /// Whether the bound-but-not-listening look was made at all.
    public var boundLookedFor: Bool
    /// Every process and descriptor table was read: only then does "nobody" mean nobody.
    public var complete: Bool
    public var unreadable: [UnreadableProcess]
    /// /proc does not even list other users' processes (mounted with `hidepid`).
    public var processesHidden = false
    public var processesScanned: Int
    public var descriptorsScanned: Int
    /// Inode of the network namespace that was looked at.
    public var networkNamespace: UInt64?
    /// `net.ipv4.ip_local_port_range`, inclusive.
    public var ephemeralRange: [UInt16]
    /// Addresses of this host's interfaces, loopback included.
    public var localAddresses: [String]
    /// Where processes of the unit's own cgroup listen on other ports.
    public var elsewhere: [OtherListener] = []
    /// Active socket units that ask for the port; looked for only where systemd holds a listener.
    public var socketUnits: [String] = []

    public init(port: Port) {
        self.port = port
        listeners = []
        otherStates = [:]
        clients = []
        bound = []
        boundLookedFor = false
        complete = false
        unreadable = []
        processesScanned = 0
        descriptorsScanned = 0
        ephemeralRange = []
        localAddresses = []
    }

    public var timeWaitCount: Int { otherStates["TIME_WAIT"] ?? 0 }

    /// Listeners for which no process could be found.
    public var hiddenListeners: [Listener] { listeners.filter(\.holders.isEmpty) }
}

/// A socket in state LISTEN.
public struct Listener: Hashable, Sendable, Codable {
    public enum Family: String, Hashable, Sendable, Codable { case ipv4, ipv6 }

    /// Without the port: `0.0.0.0`, `::`, `::ffff:10.0.0.1`.
    public var address: String
    public var family: Family
    public var inode: UInt64
    /// The user that created the socket.
    public var user: UInt32
    public var holders: [Holder]
    /// IPV6_V6ONLY (ipv6(7)) of an IPv6 socket; nil where nobody could say.
    public var v6Only: Bool?

    public init(address: String, family: Family, inode: UInt64, user: UInt32, holders: [Holder] = []) {
        self.address = address
        self.family = family
        self.inode = inode
        self.user = user
        self.holders = holders
    }
}

/// A listening socket of the unit's own on another port than the one that was asked about.
public struct OtherListener: Hashable, Sendable, Codable {
    public var address: String
    public var port: UInt16
    public var process: ProcessIdentity

    public init(address: String, port: UInt16, process: ProcessIdentity) {
        self.address = address
        self.port = port
        self.process = process
    }
}

/// A descriptor of a process that refers to a socket.
public struct Holder: Hashable, Sendable, Codable {
    public var process: ProcessIdentity
    public var descriptor: Int32

    public init(process: ProcessIdentity, descriptor: Int32) {
        self.process = process
        self.descriptor = descriptor
    }
}

/// A connected socket that uses the port as its own end.
public struct ClientSocket: Hashable, Sendable, Codable {
    public var state: String
    public var local: String
    public var remote: String
    public var inode: UInt64
    public var holders: [Holder]

    public init(state: String, local: String, remote: String, inode: UInt64, holders: [Holder] = []) {
        self.state = state
        self.local = local
        self.remote = remote
        self.inode = inode
        self.holders = holders
    }
}

/// A socket that is bound to the port and does not listen.
public struct BoundSocket: Hashable, Sendable, Codable {
    public var address: String
    public var inode: UInt64
    public var holders: [Holder]

    public init(address: String, inode: UInt64, holders: [Holder]) {
        self.address = address
        self.inode = inode
        self.holders = holders
    }
}

/// A process whose descriptor table could not be read.
public struct UnreadableProcess: Hashable, Sendable, Codable {
    public var pid: Int32
    public var why: String

    public init(pid: Int32, why: String) {
        self.pid = pid
        self.why = why
    }
}
