import CLinux

/// A regular file opened for reading in a place that is not trusted: a FIFO, socket or device there is refused before
/// anything is read, nothing is followed, and where the kernel allows it the access time stays as it was.
public struct RegularFile: ~Copyable {
    private let descriptor: Descriptor
    public let size: UInt64
    /// For who reads it by other means; it is closed with this value.
    public var raw: Int32 { descriptor.raw }

    /// `path` as it lies for us, all links on the way resolved; a link there now fails with ELOOP, anything else that
    /// is no regular file with EINVAL.
    public init(_ path: String) throws(SystemError) {
        let flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW
        var raw = unsafe cl_open(path, flags | O_NOATIME)
        // Only the owner and root may ask for O_NOATIME.
        if raw < 0, currentErrno() == EPERM { raw = unsafe cl_open(path, flags) }
        guard raw >= 0 else { throw SystemError("open", path) }
        let opened = Descriptor(owning: raw, path: path)
        var status = stat()
        guard unsafe fstat(raw, &status) == 0 else { throw SystemError("stat", path) }
        // S_IFMT and S_IFREG of inode(7).
        guard status.st_mode & 0o170000 == 0o100000 else { throw SystemError("read", path, code: EINVAL) }
        descriptor = opened
        size = UInt64(max(0, status.st_size))
    }

    /// Fills `buffer` from the start of the file and returns how many bytes there were. The bytes exist nowhere else,
    /// so that whoever reads a secret can overwrite it.
    public func read(into buffer: inout [UInt8]) throws(SystemError) -> Int {
        var filled = 0
        while filled < buffer.count {
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[filled...])
                return unsafe pread(descriptor.raw, rest.baseAddress, rest.count, filled)
            }
            if count == 0 { break }
            if count < 0 {
                if currentErrno() == EINTR { continue }
                throw SystemError("read", descriptor.path)
            }
            filled += count
        }
        return filled
    }

    /// The first `limit` bytes, or all of it.
    public func contents(limit: Int) throws(SystemError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: Int(clamping: min(UInt64(limit), size)))
        let count = try read(into: &buffer)
        buffer.removeSubrange(count...)
        return buffer
    }
}

/// Whether a path carries a POSIX access control list (acl(5)), which says more than its mode bits do.
public func hasAccessControlList(_ path: String) -> Bool {
    unsafe getxattr(path, "system.posix_acl_access", nil, 0) > 0
}
