import CLinux
public import Values

/// The kernel's clocks (clock_gettime(2)).
public enum Clock {
    /// CLOCK_REALTIME.
    public static var wall: WallTime {
        let time = read(CLOCK_REALTIME)
        return WallTime(seconds: Int64(time.tv_sec), nanoseconds: Int64(time.tv_nsec))
    }

    /// CLOCK_MONOTONIC in microseconds: what systemd and the journal stamp.
    public static var monotonic: UInt64 { microseconds(CLOCK_MONOTONIC) }

    /// CLOCK_BOOTTIME in microseconds: process start times count from its zero.
    public static var bootTime: UInt64 { microseconds(CLOCK_BOOTTIME) }

    private static func microseconds(_ clock: Int32) -> UInt64 {
        let time = read(clock)
        return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000
    }

    private static func read(_ clock: Int32) -> timespec {
        var time = timespec()
        _ = unsafe clock_gettime(clock, &time)
        return time
    }
}
