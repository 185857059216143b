/// What is read of /proc/PID/stat (proc_pid_stat(5)).
public struct ProcessStat: Hashable, Sendable {
    public let pid: Int32
    /// At most 15 bytes that the process itself chose: parentheses, spaces and newlines may be among them.
    public let name: String
    /// `R`, `S`, `D`, `Z`, `T` …
    public let state: String
    public let parent: Int32
    /// Clock ticks (`sysconf(_SC_CLK_TCK)`) since boot.
    public let startTicks: UInt64

    public init?(parsing bytes: Span<UInt8>) {
        guard let open = bytes.position(of: UInt8(ascii: "(")), let close = Self.endOfName(in: bytes), close > open,
            close + 2 < bytes.count
        else { return nil }
        var cursor = ByteCursor()
        guard let pid = cursor.decimal(in: bytes) else { return nil }
        let rest = bytes.extracting((close + 1)...)
        cursor = ByteCursor()
        cursor.skipField(in: rest)
        guard let parent = cursor.decimal(in: rest), let startTicks = Self.startTicks(parsing: bytes) else {
            return nil
        }
        self.pid = Int32(truncatingIfNeeded: pid)
        name = bytes.extracting((open + 1)..<close).text
        state = rest.extracting(1..<2).text
        self.parent = Int32(truncatingIfNeeded: parent)
        self.startTicks = startTicks
    }

    /// Field 22 alone, without an allocation.
    public static func startTicks(parsing bytes: Span<UInt8>) -> UInt64? {
        guard let close = endOfName(in: bytes) else { return nil }
        let rest = bytes.extracting((close + 1)...)
        var cursor = ByteCursor()
        for _ in 3..<22 { cursor.skipField(in: rest) }
        return cursor.decimal(in: rest)
    }

    /// The name ends at the last parenthesis of the line: every field behind it is a letter or a number.
    private static func endOfName(in bytes: Span<UInt8>) -> Int? { bytes.lastPosition(of: UInt8(ascii: ")")) }
}
