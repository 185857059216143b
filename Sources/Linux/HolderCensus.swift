public import Values

/// Which processes hold which sockets, and how far the search got: a "nobody" is worth what it could read.
public struct HolderCensus: Hashable, Sendable {
    /// One descriptor that refers to a socket.
    public struct Hit: Hashable, Sendable {
        public let inode: UInt64
        public let process: ProcessIdentity
        public let descriptor: Int32

        public init(inode: UInt64, process: ProcessIdentity, descriptor: Int32) {
            self.inode = inode
            self.process = process
            self.descriptor = descriptor
        }
    }

    /// A process whose descriptors could not be read, and why.
    public struct Unreadable: Hashable, Sendable {
        public let pid: Int32
        public let error: SystemError
    }

    /// By pid and descriptor.
    public internal(set) var hits: [Hit] = []
    /// By pid. Processes that ended meanwhile are not among them.
    public internal(set) var unreadable: [Unreadable] = []
    /// Processes whose descriptor table was read.
    public internal(set) var processes = 0
    public internal(set) var descriptors = 0
    /// /proc does not even list the processes of others (its mount option `hidepid`).
    public internal(set) var hidesProcesses = false
    /// The search stopped before it had seen everything: at the first holder, or at its limit.
    public internal(set) var stoppedEarly = false

    /// Every descriptor of every process was looked at.
    public var complete: Bool { unreadable.isEmpty && !hidesProcesses && !stoppedEarly }

    public func holders(of inode: UInt64) -> [Hit] { hits.filter { $0.inode == inode } }

    mutating func add(_ other: HolderCensus) {
        hits += other.hits
        unreadable += other.unreadable
        processes += other.processes
        descriptors += other.descriptors
        stoppedEarly = stoppedEarly || other.stoppedEarly
    }

    mutating func sort() {
        hits.sort { ($0.process.pid, $0.descriptor) < ($1.process.pid, $1.descriptor) }
        unreadable.sort { $0.pid < $1.pid }
    }
}
