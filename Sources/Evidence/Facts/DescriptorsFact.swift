public import Values

/// How many files the service has open, and how many it may have.
public struct DescriptorsFact: Hashable, Sendable, Codable {
    /// The unit's main process; nil where there was none to look at.
    public var process: ProcessIdentity?
    /// Its open descriptors; nil without a process.
    public var open: Int?
    /// RLIMIT_NOFILE of getrlimit(2), the soft one, which counts, and the hard one; nil where unlimited.
    public var limit: UInt64?
    public var hardLimit: UInt64?
    /// Open files of the whole host, and how many it may have (`fs.file-nr` of proc_sys_fs(5)).
    public var hostOpen: UInt64
    public var hostLimit: UInt64

    public init(process: ProcessIdentity? = nil, hostOpen: UInt64, hostLimit: UInt64) {
        self.process = process
        self.hostOpen = hostOpen
        self.hostLimit = hostLimit
    }
}
