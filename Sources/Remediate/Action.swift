public import Evidence
public import Values

/// What one step does to a host, with everything that is needed to do it: nothing is looked up by name later on.
public enum Action: Hashable, Sendable {
    /// SIGTERM to one process; SIGKILL only with a consent of its own.
    case end(Culprit)
    /// Owner, group and mode of a file or directory.
    case setAccess(AccessChange)
    case makeDirectory(NewDirectory)
    case writeDropIn(UnitFile)
    case reloadManager
    /// One of the agent's own commands.
    case runAgent(AgentCommand)
    case resetFailed(UnitName)
    case start(UnitName)
    case restart(UnitName)
    case stop(UnitName)
}

/// A process as it was seen, by all that tells it from another one.
public struct Culprit: Hashable, Sendable {
    public var identity: ProcessIdentity
    public var name: String
    public var executable: String
    public var executableIdentity: FileIdentity?
    /// Tells it from one that started in the same clock tick, and from itself before an execve(2).
    public var layout: UInt32?
    /// With secrets replaced, as the evidence has them.
    public var arguments: [String]
    /// Inodes of the sockets by which it holds the port; empty for an enrollment that holds none.
    public var sockets: [UInt64]

    public init(_ process: ProcessFact, sockets: [UInt64]) {
        identity = process.identity
        name = process.name
        executable = process.executable ?? ""
        executableIdentity = process.executableIdentity
        layout = process.layout
        arguments = process.arguments
        self.sockets = sockets
    }

    /// `pid 1218 (linux-patch-api)`.
    public var label: String { "pid \(identity.pid) (\(name.harmless(limit: 32)))" }
}

/// Owner, group and mode as they are and as they shall be.
public struct AccessChange: Hashable, Sendable {
    public var path: String
    public var identity: FileIdentity
    public var before: Access
    public var after: Access

    public struct Access: Hashable, Sendable {
        public var owner: UInt32
        public var group: UInt32
        /// Permission bits, `0o7777`.
        public var mode: UInt32

        public init(owner: UInt32, group: UInt32, mode: UInt32) {
            self.owner = owner
            self.group = group
            self.mode = mode
        }

        /// `0:0 0600`.
        public var words: String { "\(owner):\(group) \(octal)" }

        /// `0600`.
        public var octal: String {
            let digits = String(mode, radix: 8)
            return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
        }
    }

    public init(path: String, identity: FileIdentity, before: Access, after: Access) {
        self.path = path
        self.identity = identity
        self.before = before
        self.after = after
    }
}

/// A directory that is missing.
public struct NewDirectory: Hashable, Sendable {
    public var path: String
    public var access: AccessChange.Access
}

/// A file below `<unit>.d` with its whole text.
public struct UnitFile: Hashable, Sendable {
    public var path: String
    public var text: String
}

/// The agent's program and the words that it is given.
public struct AgentCommand: Hashable, Sendable {
    public var program: String
    public var arguments: [String]
}
