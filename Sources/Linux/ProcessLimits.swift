/// What is read of /proc/PID/limits (proc_pid_limits(5)): how many files a process may have open.
public struct ProcessLimits: Hashable, Sendable {
    /// RLIMIT_NOFILE; nil where unlimited.
    public let openFiles: UInt64?
    public let openFilesHard: UInt64?

    public init?(parsing bytes: Span<UInt8>) {
        var start = 0
        while start < bytes.count {
            let end = bytes.position(of: 10, from: start) ?? bytes.count
            let line = bytes.extracting(start..<end)
            start = end + 1
            let key = "Max open files".utf8.count
            guard line.count > key, line.extracting(..<key).equals("Max open files") else { continue }
            let values = line.extracting(key...)
            var cursor = ByteCursor()
            guard let soft = ProcessLimits.number(&cursor, in: values),
                let hard = ProcessLimits.number(&cursor, in: values)
            else { return nil }
            (openFiles, openFilesHard) = (soft.value, hard.value)
            return
        }
        return nil
    }

    /// A number, or `unlimited`; nil for anything else.
    private static func number(_ cursor: inout ByteCursor, in bytes: Span<UInt8>) -> (value: UInt64?, Void)? {
        if let value = cursor.decimal(in: bytes) { return (value, ()) }
        let start = cursor.position
        cursor.skipField(in: bytes)
        return bytes.extracting(start..<cursor.position).equals("unlimited") ? (nil, ()) : nil
    }
}
