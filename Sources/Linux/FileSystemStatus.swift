import CLinux
public import Values

/// Size, room and mount options of the file system that holds a path (statvfs(3)).
public struct FileSystemStatus: Sendable, Hashable {
    public let size: Bytes
    /// What an ordinary user may still take: blocks kept back for root are left out.
    public let available: Bytes
    /// 0 where the file system does not count inodes.
    public let inodes: UInt64
    public let inodesFree: UInt64
    public let isReadOnly: Bool
    public let isNoExec: Bool

    public init(of path: String) throws(SystemError) {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else { throw SystemError("look at the file system of", path) }
        let block = UInt64(status.f_frsize == 0 ? status.f_bsize : status.f_frsize)
        func bytes(_ blocks: UInt64) -> Bytes {
            let (product, overflow) = blocks.multipliedReportingOverflow(by: block)
            return Bytes(overflow ? .max : product)
        }
        size = bytes(UInt64(status.f_blocks))
        available = bytes(UInt64(status.f_bavail))
        inodes = UInt64(status.f_files)
        inodesFree = UInt64(status.f_favail)
        // ST_RDONLY and ST_NOEXEC of statvfs(3).
        isReadOnly = status.f_flag & 1 != 0
        isNoExec = status.f_flag & 8 != 0
    }
}
