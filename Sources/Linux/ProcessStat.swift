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
    /// A fingerprint of where its memory lies, which address space layout randomisation makes another one with each
    /// execve(2): it tells apart what started in the same tick. Too short to give the addresses away. nil without the
    /// right to see them.
    public let layout: UInt32?

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
        layout = Self.layout(after: rest)
    }

    /// Folds fields 26 (startcode), 28 (startstack), 47 (start_brk) and 48 (arg_start): FNV-1a.
    private static func layout(after rest: Span<UInt8>) -> UInt32? {
        var cursor = ByteCursor()
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for field in 3...48 {
            guard [26, 28, 47, 48].contains(field) else {
                cursor.skipField(in: rest)
                continue
            }
            // The kernel shows 1 or 0 to who may not know.
            guard let address = cursor.decimal(in: rest), field != 26 || address > 1 else { return nil }
            for shift in stride(from: 0, to: 64, by: 8) {
                hash = (hash ^ (address >> UInt64(shift) & 0xFF)) &* 0x100_0000_01B3
            }
        }
        return UInt32(truncatingIfNeeded: hash ^ (hash >> 32))
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
