public import Values

/// The processes that matter here: instances of the agent, holders of the port, and all their ancestors.
public struct ProcessesFact: Hashable, Sendable, Codable {
    public var processes: [ProcessFact]
    /// How many processes there were to look at, and how many could not be told apart for lack of privilege.
    public var examined: Int
    public var unreadable: Int

    public init(processes: [ProcessFact], examined: Int, unreadable: Int) {
        self.processes = processes
        self.examined = examined
        self.unreadable = unreadable
    }

    public subscript(identity: ProcessIdentity) -> ProcessFact? {
        processes.first { $0.identity == identity }
    }

    public subscript(pid: Int32) -> ProcessFact? {
        processes.first { $0.identity.pid == pid }
    }

    /// Live instances of the agent's program, whatever they were started for.
    public var agents: [ProcessFact] { processes.filter { $0.isAgent && !$0.isZombie } }
}

/// One process, from /proc/PID (proc(5)).
public struct ProcessFact: Hashable, Sendable, Codable {
    public var identity: ProcessIdentity
    public var started: WallTime
    public var parent: Int32
    /// The state letter of proc_pid_stat(5): R, S, D, Z, T …
    public var state: String
    /// The kernel's name of it, at most 15 bytes.
    public var name: String
    /// With secrets replaced.
    public var arguments: [String]
    /// Without the kernel's ` (deleted)`; nil where it may not be read.
    public var executable: String?
    public var executableDeleted = false
    public var executableIdentity: FileIdentity?
    /// A fingerprint of where its memory lies, another one with each execve(2); nil where it could not be seen.
    public var layout: UInt32?
    public var user: UInt32
    public var userName: String?
    /// proc_pid_loginuid(5); nil where never set.
    public var loginUser: UInt32?
    /// The login session, from its cgroup: `3` of `session-3.scope`.
    public var session: String?
    public var cgroup: String
    /// The unit that the cgroup belongs to: `linux-patch-api.service`, `session-3.scope`.
    public var unit: String?
    /// The unit of a user's own manager, below `user@UID.service`; never one of the host's units.
    public var userUnit: String?
    public var networkNamespace: UInt64?
    public var pidNamespace: UInt64?
    /// Parent, grandparent … up to init, as pids.
    public var ancestors: [Int32] = []
    /// On which grounds this is an instance of the agent; empty where it is not one.
    public var agentGrounds: [AgentGround] = []
    /// It carries `--enroll` among its own arguments.
    public var enrolls = false
    /// The manager's address behind `--enroll`, where given.
    public var enrollURL: String?

    public init(identity: ProcessIdentity, started: WallTime, parent: Int32, state: String, name: String) {
        self.identity = identity
        self.started = started
        self.parent = parent
        self.state = state
        self.name = name
        arguments = []
        user = 0
        cgroup = ""
    }

    public var isAgent: Bool { !agentGrounds.isEmpty }
    public var isZombie: Bool { state == "Z" || state == "X" }

    /// How a report names it: `pid 1218 (linux-patch-api)`.
    public var label: String { "pid \(identity.pid) (\(name.harmless(limit: 32)))" }
}

/// What makes a process an instance of the agent rather than a sudo or a shell with its name on the command line.
public enum AgentGround: String, Hashable, Sendable, Codable, CaseIterable {
    /// The executable's path is the program's.
    case path
    /// The executable is the same file as the program, by device and inode, whatever it is called.
    case sameFile
    /// The executable's content is the program's: a copy under another name.
    case sameContent
    /// The program is a script, and the executable its interpreter, which runs it.
    case script
    /// Only the kernel's process name says so, because the executable may not be read.
    case name
}
