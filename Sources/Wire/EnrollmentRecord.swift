public import Values

/// How far an enrollment has come, as the agent keeps it on disk and as its doctor reads it: `status.json` in the state
/// directory. It holds no secret; the polling token lies in a file of its own beside it.
public struct EnrollmentRecord: Hashable, Sendable, Codable {
    /// What the manager said last, or what keeps us from asking it.
    public enum Phase: String, Hashable, Sendable, Codable, CaseIterable {
        /// The state directory is proven, the manager was not asked yet.
        case registering
        /// Registered: a person has to approve.
        case pending
        /// 409: the manager knows this host already.
        case conflict
        /// The manager said no.
        case denied
        /// The request is gone at the manager: denied, expired, or its bundle was handed out before.
        case lost
        /// 429.
        case rateLimited = "rate-limited"
        /// No answer, or one that makes no sense; `fault` says which.
        case unreachable
        /// The manager can't be trusted: its certificate is not the one expected.
        case untrusted
        /// The host's clock and the manager's disagree; nothing is done before they agree.
        case clock
        /// The bundle arrived and is being judged and written.
        case provisioning
        /// What arrived was refused by the judge.
        case refused
        /// The state directory can't be written, so that nothing may be asked of the manager.
        case storage
        /// Another process of ours is enrolling.
        case elsewhere
        /// Done.
        case enrolled
    }

    public static let currentVersion = 1

    public var version = EnrollmentRecord.currentVersion
    public var phase: Phase
    /// The manager's base URL, without userinfo.
    public var manager: String
    /// As registered: what a person looks for at the manager.
    public var fqdn: String
    public var address: String
    public var machineID: String
    public var registeredAt: WallTime?
    /// When the manager drops the request by itself: 24 h after registration.
    public var expiresAt: WallTime?
    /// The last answer of any kind that the manager gave.
    public var answeredAt: WallTime?
    /// When this phase began.
    public var since: WallTime
    /// When the manager is asked next; nil where nothing is planned.
    public var nextAttempt: WallTime?
    /// Why, in words for a person; harmless to print.
    public var fault: String?
    /// Who works on it.
    public var pid: Int32
    /// Registrations sent since `registrationsSince`, at most a few in a day.
    public var registrations = 0
    public var registrationsSince: WallTime?

    public init(
        phase: Phase, manager: String, fqdn: String, address: String, machineID: String, since: WallTime, pid: Int32
    ) {
        self.phase = phase
        self.manager = manager
        self.fqdn = fqdn
        self.address = address
        self.machineID = machineID
        self.since = since
        self.pid = pid
    }

    /// Where the agent keeps its state.
    public static let directory = "/var/lib/linux_patch_api"
    /// Where the record lies, as a path of the host.
    public static let path = directory + "/enrollment/status.json"
}
