public import Packages
public import Values

/// One thing that a manager asked for and was told that it would be done.
public struct Job: Hashable, Sendable {
    /// What is to be done.
    public enum Work: Hashable, Sendable {
        case packages(PackageOrder)
        case reboot(RebootOrder)
    }

    public let id: JobID
    public let operation: JobOperation
    public let work: Work
    /// Whoever asked for it, as the audit log names him: address and certificate.
    public let requester: String
    /// Of the request that it was accepted with.
    public let requestID: String
    public let createdAt: WallTime
    /// Not before this time: of a reboot that is to wait.
    public var dueAt: WallTime?
    /// Nothing else goes on beside it.
    public let isExclusive: Bool
    /// Of a rollback: the job that is taken back.
    public let original: JobID?
    /// Of a patch run that may end with a reboot: when after it.
    public let rebootDelay: Interval?

    public var status = JobStatus.pending
    public var startedAt: WallTime?
    public var completedAt: WallTime?
    /// Which boot of the host it was begun in: /proc/sys/kernel/random/boot_id.
    public var bootID: String?
    /// 0 to 100.
    public var progress = 0
    /// One line for a person.
    public var message = ""
    public var fault: JobFault?
    public var exitStatus: Int?
    /// What is different on the host for it: also after a failure.
    public var changes: [PackageChange] = []
    /// The last lines of what its programs printed.
    public var output: [String] = []

    public init(
        _ operation: JobOperation, _ work: Work, requester: String, requestID: String, at time: WallTime,
        id: JobID = JobID(), dueAt: WallTime? = nil, isExclusive: Bool = false, original: JobID? = nil,
        rebootDelay: Interval? = nil
    ) {
        self.id = id
        self.operation = operation
        self.work = work
        self.requester = requester
        self.requestID = requestID
        createdAt = time
        self.dueAt = dueAt
        self.isExclusive = isExclusive
        self.original = original
        self.rebootDelay = rebootDelay
    }

    /// The names in its order; empty where it is about all packages, or none.
    public var packages: [String] {
        if case .packages(let order) = work { order.packages.map(\.name.description) } else { [] }
    }

    /// Its message when it begins.
    static let starting = "starting"

    /// True for the first word of what runs alone: whoever is told each step can tell the beginning from progress.
    public var hasJustBegun: Bool { status == .running && progress == 0 && message == Job.starting }

    /// Whether it touches packages, so that no other one may at the same time.
    public var isMutation: Bool { if case .packages = work { true } else { false } }
}

/// What a reboot was asked for with.
public struct RebootOrder: Codable, Hashable, Sendable {
    /// Although jobs are at work.
    public var force: Bool
    /// Although the package database, or what the next boot needs, is not in order.
    public var acknowledgesRisk: Bool

    public init(force: Bool = false, acknowledgesRisk: Bool = false) {
        self.force = force
        self.acknowledgesRisk = acknowledgesRisk
    }
}

/// Why a job failed.
public struct JobFault: Hashable, Sendable {
    /// A word of the contract: `TIMEOUT`, `PKG_NOT_FOUND`.
    public var code: String
    /// For a person.
    public var message: String

    public init(code: String, message: String) {
        self.code = code
        self.message = message
    }

    /// The agent or the host went away under it.
    public static let interrupted = "INTERRUPTED"
    public static let rebooted = "AGENT_REBOOTED"
    /// As the contract names it.
    public static let packageManager = "PKG_MANAGER_ERROR"
    public static let reboot = "REBOOT_ERROR"
    public static let cancelled = "CANCELLED"
}
