import CLinux
public import Values

/// One process through one open descriptor of its /proc/PID.
///
/// The descriptor stays with that very process: when it ends, every read through here fails with ESRCH or ENOENT, even
/// if another process has its number by then. So what is read here belongs together, and no pid can be mistaken.
public struct ProcessDirectory: ~Copyable {
    public let pid: Int32
    private let directory: Descriptor

    public init(_ pid: Int32, at root: HostRoot = .live) throws(SystemError) {
        self.pid = pid
        directory = try Descriptor(directory: root("/proc/\(pid)"))
    }

    /// One of its small files, at most `limit` bytes of it.
    public func contents(_ name: String, limit: Int = 65536) throws(SystemError) -> (bytes: [UInt8], truncated: Bool) {
        try directory.open(name).contents(limit: limit)
    }

    /// The lines of one of its longer files: `maps`. What is longer than `longest` bytes is cut there.
    public func lines(_ name: String, longest: Int = 8192) throws(SystemError) -> LineReader {
        LineReader(try directory.open(name), longest: longest)
    }

    public func stat() throws(SystemError) -> ProcessStat {
        let bytes = try contents("stat", limit: 4096).bytes
        guard let stat = ProcessStat(parsing: bytes.span) else {
            throw SystemError("parse", directory.path + "/stat", code: EINVAL)
        }
        return stat
    }

    /// The target of one of its links: `exe`, `cwd`, `ns/net`.
    public func link(_ name: String) throws(SystemError) -> String { try directory.link(name) }

    /// The inode of one of its namespaces: `net`, `pid`, `mnt`.
    public func namespace(_ kind: StaticString) throws(SystemError) -> UInt64 {
        let target = try directory.link("ns/\(kind)")
        guard let inode = ProcessWords.inode(ofLink: Array(target.utf8).span, kind: kind) else {
            throw SystemError("parse", directory.path + "/ns/\(kind)", code: EINVAL)
        }
        return inode
    }

    /// The executable's own file, whatever is at its path now: identity, size, and whether any name still leads to it.
    public func executable() throws(SystemError) -> (identity: FileIdentity, size: UInt64, linked: Bool) {
        var status = CLinux.stat()
        guard unsafe fstatat(directory.raw, "exe", &status, 0) == 0 else {
            throw SystemError("stat", directory.path + "/exe")
        }
        return (
            FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino)),
            UInt64(max(0, status.st_size)), status.st_nlink > 0
        )
    }

    /// The executable's content, readable also after it was deleted.
    public func openExecutable() throws(SystemError) -> Descriptor { try directory.open("exe") }

    /// How many descriptors it has open.
    public func openDescriptors() throws(SystemError) -> Int {
        let table = try directory.open("fd", directory: true)
        var count = 0
        try DirectoryEntries().forEachNumber(in: table) { _ in
            count += 1
            return true
        }
        return count
    }

    /// The numbers of its open descriptors.
    public func descriptorNumbers() throws(SystemError) -> [Int32] {
        let table = try directory.open("fd", directory: true)
        var numbers: [Int32] = []
        try DirectoryEntries().forEachNumber(in: table) { number in
            numbers.append(number)
            return true
        }
        return numbers
    }

    /// What one of its descriptors refers to, if that is a socket; nil for other files and closed descriptors.
    public func socketInode(ofDescriptor number: Int32) throws(SystemError) -> UInt64? {
        var status = CLinux.stat()
        guard unsafe fstatat(directory.raw, "fd/\(number)", &status, 0) == 0 else {
            let error = SystemError("stat", directory.path + "/fd/\(number)")
            if error.isNotFound { return nil }
            throw error
        }
        return status.st_mode & 0o170000 == 0o140000 ? UInt64(status.st_ino) : nil
    }
}

extension ProcessDirectory {
    /// The inode of one of this process's own namespaces.
    public static func ownNamespace(_ kind: StaticString, at root: HostRoot = .live) throws(SystemError) -> UInt64 {
        let own = try Descriptor(directory: root("/proc/self"))
        guard let inode = ProcessWords.inode(ofLink: Array(try own.link("ns/\(kind)").utf8).span, kind: kind) else {
            throw SystemError("parse", own.path + "/ns/\(kind)", code: EINVAL)
        }
        return inode
    }
}
