public import Values

/// What was seen of a unit while somebody watched it live, before the look that the other facts come from.
public struct WatchFact: Hashable, Sendable, Codable {
    public var began: WallTime
    public var ended: WallTime
    public var end: End
    /// Attempts whose end was seen.
    public var attempts = 0
    /// Attempts that went by between two news of systemd, by its own counter.
    public var missed = 0
    /// NRestarts when the watch began and when it ended; nil where systemd did not say.
    public var restartsBefore: UInt32?
    public var restartsAfter: UInt32?
    /// How attempts ended, each way once, in the order in which it was first seen; at most `WatchFact.patternLimit`.
    public var patterns: [WatchedPattern] = []
    /// Attempts that ended in further ways.
    public var otherAttempts = 0
    /// The first attempts and the last ones, in order of time.
    public var kept: [WatchedAttempt] = []
    /// Who held the port, in the order of their coming; at most `WatchFact.holderLimit`.
    public var holders: [WatchedHolder] = []
    public var otherHolders = 0
    /// What could not be seen.
    public var unseen: [Absence] = []

    public static let patternLimit = 32
    public static let holderLimit = 32

    /// Why it ended.
    public enum End: String, Hashable, Sendable, Codable {
        case interrupted, terminated, hungUp
        /// As many attempts as were asked for.
        case attempts
        /// The unit failed, and nothing will start it again by itself.
        case gaveUp
        /// Nobody read what was told.
        case readerGone
        /// systemd did not answer any more.
        case connectionLost
    }

    public init(began: WallTime, ended: WallTime, end: End) {
        self.began = began
        self.ended = ended
        self.end = end
    }
}

/// One start of the service, from exec to exit.
public struct WatchedAttempt: Hashable, Sendable, Codable {
    /// Counted from 1 by the watch.
    public var number: Int
    /// When its main process was started; where there was none, when systemd told of the attempt.
    public var began: WallTime
    /// The main process as it was between exec and exit; nil where there was none, or it was gone too soon to be seen.
    public var process: WatchedProcess?
    /// MainPID; 0 where there was none.
    public var pid: Int32
    public var ended: WallTime?
    /// How long it ran.
    public var ran: Interval?
    /// systemd's word: `exit-code`, `signal`, `success`.
    public var result = ""
    /// `exited 1`, `killed 9`, `203/EXEC`.
    public var ending = ""
    /// Of its last words, as epochs have it; nil where nobody heard them, or it ended well.
    public var signature: String?
    /// Those words as they were written, and where the journal has them.
    public var sample = ""
    public var cursor = ""

    public init(number: Int, began: WallTime, pid: Int32 = 0) {
        self.number = number
        self.began = began
        self.pid = pid
    }
}

/// Attempts that ended in the same way with the same words.
public struct WatchedPattern: Hashable, Sendable, Codable {
    public var ending: String
    public var signature: String?
    public var sample: String
    public var count: Int
    public var first: WallTime
    public var last: WallTime
    public var shortest: Interval?
    public var longest: Interval?

    public init(_ attempt: WatchedAttempt) {
        ending = attempt.ending
        signature = attempt.signature
        sample = attempt.sample
        count = 0
        first = attempt.ended ?? attempt.began
        last = first
    }

    public func covers(_ attempt: WatchedAttempt) -> Bool {
        ending == attempt.ending && signature == attempt.signature
    }

    public mutating func add(_ attempt: WatchedAttempt) {
        count += 1
        last = attempt.ended ?? attempt.began
        guard let ran = attempt.ran else { return }
        shortest = min(shortest ?? ran, ran)
        longest = max(longest ?? ran, ran)
    }
}

/// A process as the watch saw it.
public struct WatchedProcess: Hashable, Sendable, Codable {
    public var identity: ProcessIdentity
    public var name: String
    public var executable: String?
    /// With secrets replaced.
    public var arguments: [String]
    public var started: WallTime
    public var user: UInt32
    public var cgroup: String
    public var unit: String?
    public var session: String?
    /// It is an instance of the unit's program, and one that carries `--enroll`.
    public var isAgent: Bool
    public var enrolls: Bool

    public init(_ process: ProcessFact, isAgent: Bool, enrolls: Bool) {
        identity = process.identity
        name = process.name
        executable = process.executable
        arguments = process.arguments
        started = process.started
        user = process.user
        cgroup = process.cgroup
        unit = process.unit
        session = process.session
        self.isAgent = isAgent
        self.enrolls = enrolls
    }

    /// How a report names it: `pid 1218 (linux-patch-api)`.
    public var label: String { "pid \(identity.pid) (\(name.harmless(limit: 32)))" }

    /// What it is, for a report on `unit`: `an enrollment, outside the unit (in session-75.scope)`.
    public func words(for watched: UnitName) -> String {
        let kind = enrolls ? "an enrollment" : isAgent ? "an agent" : executable ?? "a program that may not be read"
        if unit == watched.rawValue { return "\(kind), of the unit itself" }
        return "\(kind), outside the unit (in \((unit ?? cgroup).harmless(limit: 120)))"
    }
}

/// A listener of the port with one process that held it, or none that could be seen.
public struct WatchedHolder: Hashable, Sendable, Codable {
    /// `0.0.0.0`, `::`.
    public var address: String
    public var inode: UInt64
    public var process: WatchedProcess?
    public var first: WallTime
    public var last: WallTime
    /// It was gone, or held the port no more, before the watch ended.
    public var isGone = false

    public init(address: String, inode: UInt64, process: WatchedProcess?, seen: WallTime) {
        self.address = address
        self.inode = inode
        self.process = process
        first = seen
        last = seen
    }

    public func isSame(as other: WatchedHolder) -> Bool {
        inode == other.inode && process?.identity == other.process?.identity
    }
}

extension WatchFact.End {
    public var words: String {
        switch self {
        case .interrupted: "stopped by SIGINT"
        case .terminated: "stopped by SIGTERM"
        case .hungUp: "stopped by SIGHUP"
        case .attempts: "as many attempts as were asked for"
        case .gaveUp: "the unit failed and is not started again"
        case .readerGone: "nobody read on"
        case .connectionLost: "systemd did not answer any more"
        }
    }
}
