import CLinux
public import Values

/// lstat(2) or stat(2) of a path.
public struct FileStatus: Sendable, Hashable {
    public var identity: FileIdentity
    public var mode: UInt32
    public var owner: UInt32
    public var group: UInt32
    public var size: UInt64
    /// How many names it has.
    public var links: UInt64
    public var modified: WallTime

    public init(of path: String, followingLinks: Bool = true) throws(SystemError) {
        var status = stat()
        let failed = unsafe (followingLinks ? stat(path, &status) : lstat(path, &status)) != 0
        guard !failed else { throw SystemError("stat", path) }
        self.init(status)
    }

    init(_ status: stat) {
        identity = FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
        mode = status.st_mode
        owner = status.st_uid
        group = status.st_gid
        size = UInt64(max(0, status.st_size))
        links = UInt64(status.st_nlink)
        modified = WallTime(
            seconds: Int64(status.st_mtim.tv_sec), nanoseconds: Int64(status.st_mtim.tv_nsec))
    }

    public var permissions: UInt32 { mode & 0o7777 }
    /// `S_IFMT` of inode(7).
    private var kind: UInt32 { mode & 0o170000 }
    public var isRegular: Bool { kind == 0o100000 }
    public var isDirectory: Bool { kind == 0o040000 }
    public var isSymbolicLink: Bool { kind == 0o120000 }
    public var isSocket: Bool { kind == 0o140000 }
}
