import CLinux

/// Names of a directory's entries (readdir(3)), sorted, without `.` and `..`.
public struct DirectoryListing: Sendable, Hashable {
    public let names: [String]
    /// There were more than the limit, and those were not read.
    public let truncated: Bool

    public init(of path: String, limit: Int = 4096) throws(SystemError) {
        let flags = O_RDONLY | O_DIRECTORY
        // Only root and the owner may ask that the access time stay as it was.
        var raw = unsafe cl_open(path, flags | O_NOATIME)
        if raw < 0, currentErrno() == EPERM { raw = unsafe cl_open(path, flags) }
        guard raw >= 0, let stream = unsafe fdopendir(raw) else {
            let error = SystemError("read directory", path)
            if raw >= 0 { _ = close(raw) }
            throw error
        }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        var truncated = false
        while true {
            cl_forget_errno()
            guard let entry = unsafe readdir(stream) else {
                if currentErrno() != 0 { throw SystemError("read directory", path) }
                break
            }
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name == "." || name == ".." { continue }
            if names.count == limit {
                truncated = true
                break
            }
            names.append(name)
        }
        self.names = names.sorted()
        self.truncated = truncated
    }
}
