import CLinux
public import Values

/// Turns a process's start, in clock ticks since boot, into wall-clock time.
///
/// By the wall clock as it is set now: where it was stepped since, the process may have noted another time itself.
public struct ProcessClock: Sendable, Hashable {
    private let booted: WallTime
    private let ticksPerSecond: UInt64

    public init(at root: HostRoot = .live) {
        ticksPerSecond = UInt64(max(1, sysconf(Int32(_SC_CLK_TCK))))
        if root.isLive {
            booted = Clock.wall + Interval(microseconds: -Int64(clamping: Clock.bootTime))
        } else {
            booted = WallTime(seconds: Self.recordedBoot(at: root))
        }
    }

    public func started(_ ticks: UInt64) -> WallTime {
        let (product, overflow) = ticks.multipliedReportingOverflow(by: 1_000_000 / min(ticksPerSecond, 1_000_000))
        return booted + Interval(microseconds: overflow ? .max : Int64(clamping: product))
    }

    /// `btime` of /proc/stat, whole seconds since the epoch; 0 where it was not recorded.
    private static func recordedBoot(at root: HostRoot) -> Int64 {
        guard var reader = try? LineReader(reading: root("/proc/stat")) else { return 0 }
        var seconds: UInt64 = 0
        try? reader.forEachLine { line in
            guard line.count > 6, line.extracting(..<6).equals("btime ") else { return true }
            var cursor = ByteCursor()
            let rest = line.extracting(6...)
            seconds = cursor.decimal(in: rest) ?? 0
            return false
        }
        return Int64(clamping: seconds)
    }
}
