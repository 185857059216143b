import CLinux

/// A file descriptor with exactly one owner; it closes when its owner's scope ends.
public struct Descriptor: ~Copyable, Sendable {
    public let raw: Int32
    /// The path it was opened by, for messages.
    public let path: String

    /// Takes over a descriptor that nobody else closes.
    public init(owning raw: Int32, path: String) {
        self.raw = raw
        self.path = path
    }

    /// Opens for reading, close-on-exec and non-blocking: a FIFO or device in a hostile place must not stop us. The
    /// access time stays as it was where the kernel allows it, to the owner and to root.
    public init(reading path: String) throws(SystemError) {
        let flags = O_RDONLY | O_NONBLOCK | O_NOCTTY
        var raw = unsafe cl_open(path, flags | O_NOATIME)
        if raw < 0, currentErrno() == EPERM { raw = unsafe cl_open(path, flags) }
        guard raw >= 0 else { throw SystemError("open", path) }
        self.init(owning: raw, path: path)
    }

    /// This process's standard input, as a descriptor of its own: a pipe, a socket or a file, and where it stands.
    public static func standardInput() throws(SystemError) -> Descriptor {
        let raw = cl_duplicate(0)
        guard raw >= 0 else { throw SystemError("read", "standard input") }
        return Descriptor(owning: raw, path: "standard input")
    }

    deinit { _ = close(raw) }

    /// Reads once into `buffer`; 0 at the end of the file. Interrupted calls are repeated.
    public func read(into buffer: inout [UInt8]) throws(SystemError) -> Int {
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe CLinux.read(raw, bytes.baseAddress, bytes.count)
            }
            if count >= 0 { return count }
            let code = currentErrno()
            if code != EINTR { throw SystemError("read", path, code: code) }
        }
    }

    /// Everything up to the end of the file, or the first `limit` bytes and the word that there was more.
    public func contents(limit: Int) throws(SystemError) -> (bytes: [UInt8], truncated: Bool) {
        var result: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = try read(into: &chunk)
            if count == 0 { return (result, false) }
            if result.count + count > limit {
                result += chunk[..<(limit - result.count)]
                return (result, true)
            }
            result += chunk[..<count]
        }
    }
}

/// The content of a small file, such as those of /proc; what is longer than `limit` bytes is cut there.
public func contents(of path: String, limit: Int = 1 << 20) throws(SystemError) -> [UInt8] {
    try Descriptor(reading: path).contents(limit: limit).bytes
}
