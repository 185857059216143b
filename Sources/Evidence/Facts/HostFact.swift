public import Values

/// Which machine this is.
public struct HostFact: Hashable, Sendable, Codable {
    public var hostName: String
    /// SHA-256 of machine-id(5), which itself is confidential.
    public var machine: Digest?
    public var bootID: String
    public var kernel: String
    public var operatingSystem: String
    public var architecture: String
    public var systemdVersion: String?
    /// `systemd-nspawn`, `lxc`, `docker` …; nil on bare metal or where unknown.
    public var container: String?
    public var uptime: Interval

    public init(
        hostName: String, machine: Digest?, bootID: String, kernel: String, operatingSystem: String,
        architecture: String, systemdVersion: String?, container: String?, uptime: Interval
    ) {
        self.hostName = hostName
        self.machine = machine
        self.bootID = bootID
        self.kernel = kernel
        self.operatingSystem = operatingSystem
        self.architecture = architecture
        self.systemdVersion = systemdVersion
        self.container = container
        self.uptime = uptime
    }
}

/// The host's clock and whether it is disciplined (adjtimex(2)).
public struct ClockFact: Hashable, Sendable, Codable {
    public var wall: WallTime
    /// Microseconds.
    public var monotonic: UInt64
    public var bootTime: UInt64
    public var synchronized: Bool
    /// The kernel's own bound on its error.
    public var maximumError: Interval?
    /// When systemd-timesyncd last set it right; nil where that is not what keeps it, or it never did in this boot.
    public var lastSynchronized: WallTime?

    public init(
        wall: WallTime, monotonic: UInt64, bootTime: UInt64, synchronized: Bool, maximumError: Interval?
    ) {
        self.wall = wall
        self.monotonic = monotonic
        self.bootTime = bootTime
        self.synchronized = synchronized
        self.maximumError = maximumError
    }
}

/// The file system below a path that the agent needs.
public struct DiskFact: Hashable, Sendable, Codable {
    public var path: String
    public var purpose: String
    public var size: Bytes
    public var available: Bytes
    public var inodes: UInt64
    public var inodesFree: UInt64
    public var readOnly: Bool
    public var fileSystem: String?

    public init(
        path: String, purpose: String, size: Bytes, available: Bytes, inodes: UInt64, inodesFree: UInt64,
        readOnly: Bool, fileSystem: String?
    ) {
        self.path = path
        self.purpose = purpose
        self.size = size
        self.available = available
        self.inodes = inodes
        self.inodesFree = inodesFree
        self.readOnly = readOnly
        self.fileSystem = fileSystem
    }
}

/// The agent's package as its package manager records it.
public struct PackageFact: Hashable, Sendable, Codable {
    /// `dpkg`, `rpm` …
    public var manager: String
    public var name: String
    /// nil where the package is not known to the manager.
    public var version: String?
    /// The manager's own words: `install ok installed`, `install ok half-configured`.
    public var status: String?

    public init(manager: String, name: String, version: String?, status: String?) {
        self.manager = manager
        self.name = name
        self.version = version
        self.status = status
    }
}
