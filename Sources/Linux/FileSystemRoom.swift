import CLinux
public import Values

/// What a file system can still take (fstatvfs(3)).
public struct FileSystemRoom: Sendable, Hashable {
    /// For this process: root may use the reserved blocks too.
    public let available: Bytes
    /// nil where the file system does not count inodes.
    public let inodes: UInt64?
    public let isReadOnly: Bool

    init(of descriptor: borrowing Descriptor) throws(SystemError) {
        var status = statvfs()
        guard unsafe fstatvfs(descriptor.raw, &status) == 0 else {
            throw SystemError("look at the file system of", descriptor.path)
        }
        let blocks = geteuid() == 0 ? status.f_bfree : status.f_bavail
        let size = status.f_frsize == 0 ? status.f_bsize : status.f_frsize
        available = Bytes(UInt64(blocks).multipliedReportingOverflow(by: UInt64(size)).partialValue)
        inodes = status.f_files == 0 ? nil : UInt64(geteuid() == 0 ? status.f_ffree : status.f_favail)
        isReadOnly = status.f_flag & 1 != 0
    }
}
