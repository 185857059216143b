public import Values

/// The unit as systemd holds it, looked at more than once.
public struct UnitFact: Hashable, Sendable, Codable {
    /// In order of time; the first one opens the run, the last one closes it.
    public var looks: [UnitLook]
    /// Whether the unit moved (InvocationID or NRestarts) between the looks around the sockets, so that sockets and
    /// unit state do not belong to the same moment.
    public var torn: Bool
    /// How often the look around the sockets was repeated because of that; at most three.
    public var repeats: Int

    public init(looks: [UnitLook], torn: Bool = false, repeats: Int = 0) {
        self.looks = looks
        self.torn = torn
        self.repeats = repeats
    }

    public var first: UnitLook? { looks.first }
    /// The latest state.
    public var last: UnitLook? { looks.last }

    /// Whether the unit moved while it was being looked at: flapping rather than failed.
    public var moved: Bool {
        guard let first, let last else { return false }
        return first.nRestarts != last.nRestarts || first.invocationID != last.invocationID
    }
}

/// One look at a unit: the properties of org.freedesktop.systemd1(5) from one `GetAll`.
public struct UnitLook: Hashable, Sendable, Codable {
    public var time: WallTime
    /// CLOCK_MONOTONIC, microseconds.
    public var monotonic: UInt64

    public var loadState = ""
    public var activeState = ""
    public var subState = ""
    public var result = ""
    public var unitFileState = ""
    public var needDaemonReload = false
    public var fragmentPath = ""
    public var dropInPaths: [String] = []

    public var nRestarts: UInt32 = 0
    public var mainPID: Int32 = 0
    public var controlPID: Int32 = 0
    public var execMainPID: Int32 = 0
    /// `si_code` of waitid(2): 1 exited, 2 killed, 3 dumped; 0 while it runs.
    public var execMainCode: Int32 = 0
    /// The exit status, or the signal's number where `execMainCode` is 2 or 3.
    public var execMainStatus: Int32 = 0
    public var execMainStart: WallTime?
    public var execMainExit: WallTime?

    public var type = ""
    public var restart = ""
    public var restartInterval = Interval(microseconds: 0)
    /// As in effect, which is not always as written.
    public var startLimitInterval = Interval(microseconds: 0)
    public var startLimitBurst: UInt32 = 0
    public var startLimitAction = ""
    public var timeoutStart = Interval.infinity
    public var watchdog = Interval(microseconds: 0)
    public var killMode = ""
    public var remainAfterExit = false
    /// `User=` and `Group=` as written; empty means root.
    public var user = ""
    public var group = ""
    /// systemd makes up the user for the time of the run (`DynamicUser=`).
    public var dynamicUser = false
    public var execStart: [ExecCommand] = []
    public var controlGroup = ""
    public var invocationID = ""
    public var onFailure: [String] = []
    public var triggeredBy: [String] = []
    public var requires: [String] = []
    public var conditionResult = true
    public var assertResult = true
    public var statusText = ""
    public var memoryMax: UInt64?
    /// `LimitNOFILE=` in effect, the soft one; nil where unlimited or not told.
    public var descriptorLimit: UInt64?
    public var oomPolicy = ""
    public var privateNetwork = false

    public var stateChange: WallTime?
    public var activeEnter: WallTime?
    public var activeExit: WallTime?
    public var inactiveEnter: WallTime?
    public var inactiveExit: WallTime?
    /// CLOCK_MONOTONIC microseconds of the last state change, which no clock step moves.
    public var stateChangeMonotonic: UInt64 = 0

    public init(time: WallTime, monotonic: UInt64) {
        self.time = time
        self.monotonic = monotonic
    }

    /// Waiting for the next automatic attempt, or in the middle of one.
    public var isRestarting: Bool {
        activeState == "activating" && (subState == "auto-restart" || subState == "auto-restart-queued")
    }

    public var isActive: Bool { activeState == "active" || activeState == "reloading" }
    public var isFailed: Bool { activeState == "failed" }
}

/// One ExecStart= command.
public struct ExecCommand: Hashable, Sendable, Codable {
    public var path: String
    public var arguments: [String]

    public init(path: String, arguments: [String]) {
        self.path = path
        self.arguments = arguments
    }
}
