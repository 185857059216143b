import CLinux

/// Writing so that it lasts.
extension Descriptor {
    /// Writes all of `bytes`; a full disk is an error, never a short file.
    public func writeAll(_ bytes: [UInt8]) throws(SystemError) {
        var offset = 0
        while offset < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe CLinux.write(raw, buffer.baseAddress?.advanced(by: offset), buffer.count - offset)
            }
            if count > 0 {
                offset += count
            } else if count == 0 || currentErrno() != EINTR {
                throw SystemError("write", path, code: count == 0 ? ENOSPC : currentErrno())
            }
        }
    }

    /// fsync(2): content and size are on the disk.
    public func synchronize() throws(SystemError) {
        while fsync(raw) != 0 {
            let code = currentErrno()
            if code != EINTR { throw SystemError("sync", path, code: code) }
        }
    }

    /// flock(2), exclusive, until this descriptor closes; false where somebody else holds it and we do not wait.
    public func lock(wait: Bool) throws(SystemError) -> Bool {
        while cl_lock(raw, wait ? 1 : 0) != 0 {
            let code = currentErrno()
            if code == EWOULDBLOCK { return false }
            if code != EINTR { throw SystemError("lock", path, code: code) }
        }
        return true
    }

    /// Cuts the file to `size` bytes.
    public func truncate(to size: UInt64) throws(SystemError) {
        guard ftruncate(raw, Int(clamping: size)) == 0 else { throw SystemError("truncate", path) }
    }

    /// The bytes from `offset` on, `count` of them or as many as there are (pread(2)).
    public func bytes(at offset: UInt64, count: Int) throws(SystemError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let read = unsafe buffer.withUnsafeMutableBytes { bytes in
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[filled...])
                return unsafe pread(raw, rest.baseAddress, rest.count, Int(clamping: offset) + filled)
            }
            if read == 0 { break }
            if read > 0 { filled += read } else if currentErrno() != EINTR { throw SystemError("read", path) }
        }
        return Array(buffer[..<filled])
    }

    /// fstat(2).
    public var status: FileStatus {
        get throws(SystemError) {
            var status = stat()
            guard unsafe fstat(raw, &status) == 0 else { throw SystemError("stat", path) }
            return FileStatus(status)
        }
    }
}

extension Descriptor {
    /// Reads up to `buffer.count` bytes from that place on, and leaves the position as it was (pread(2)).
    public func read(into buffer: inout [UInt8], at offset: UInt64) throws(SystemError) -> Int {
        var filled = 0
        while filled < buffer.count {
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[filled...])
                return unsafe pread(raw, rest.baseAddress, rest.count, Int(clamping: offset) + filled)
            }
            if count == 0 { break }
            if count < 0 {
                if currentErrno() == EINTR { continue }
                throw SystemError("read", path)
            }
            filled += count
        }
        return filled
    }

    /// Where the next write goes (lseek(2)).
    public func seek(to offset: UInt64) throws(SystemError) {
        guard lseek(raw, Int(clamping: offset), SEEK_SET) >= 0 else { throw SystemError("seek in", path) }
    }
}
