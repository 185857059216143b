public import Values

/// What the agent keeps of its enrollment below its state directory; never the polling token.
public struct EnrollmentFact: Hashable, Sendable, Codable {
    public var directory: FileFact
    /// `status.json`; does not exist on a host that never enrolled with an agent of 1.2 or later.
    public var file: FileFact
    public var record: EnrollmentState?
    /// Why the record that is there tells nothing.
    public var unread: Absence?
    /// Numbers of the identities that are kept, in ascending order; their content was not looked at.
    public var generations: [UInt32]
    /// Who holds the enrollment's lock (flock(2)), as one process at a time may; empty where nobody does.
    public var lock: Reading<[LockHolder]>

    public init(directory: FileFact, file: FileFact) {
        self.directory = directory
        self.file = file
        generations = []
        lock = .missing(Absence("lock of the enrollment", .notLookedFor, why: "nobody looked"))
    }
}

/// The process that holds a file lock, from /proc/locks (proc_locks(5)).
public struct LockHolder: Hashable, Sendable, Codable {
    /// 0 for a process outside our PID namespace.
    public var pid: Int32
    /// Whether the agent's lock file calls it a person's command (`command`) or the service (`service`).
    public var role: String?

    public init(pid: Int32, role: String?) {
        self.pid = pid
        self.role = role
    }
}

/// How far an enrollment has come, by the agent's own record; texts are harmless to print.
public struct EnrollmentState: Hashable, Sendable, Codable {
    /// In the words of the agent's record.
    public enum Phase: String, Hashable, Sendable, Codable, CaseIterable {
        case registering, pending, conflict, denied, lost
        case rateLimited = "rate-limited"
        case unreachable, untrusted, clock, provisioning, refused, storage, elsewhere, enrolled
    }

    public var phase: Phase
    /// The manager's base URL.
    public var manager: String
    /// Under which name, address and machine id a person finds the request at the manager.
    public var fqdn: String
    public var address: String
    public var machineID: String
    public var registeredAt: WallTime?
    public var expiresAt: WallTime?
    public var answeredAt: WallTime?
    /// When the phase began.
    public var since: WallTime
    public var nextAttempt: WallTime?
    /// Why, in the agent's words.
    public var fault: String?
    public var pid: Int32
    public var registrations: Int

    public init(phase: Phase, manager: String, since: WallTime, pid: Int32) {
        self.phase = phase
        self.manager = manager
        fqdn = ""
        address = ""
        machineID = ""
        self.since = since
        self.pid = pid
        registrations = 0
    }
}
