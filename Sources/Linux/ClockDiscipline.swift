import CLinux
public import Values

/// What the kernel knows of its clock's error (adjtimex(2), asked and not set).
public struct ClockDiscipline: Sendable, Hashable {
    /// STA_UNSYNC: no time service disciplines the clock.
    public let isMarkedUnsynchronized: Bool
    /// The kernel's bound on the clock's error, which grows while nobody disciplines it.
    public let maximumError: Interval

    /// timedatectl(1) calls a clock synchronized whose error is bounded by less than 16 seconds, the kernel's limit.
    public var isSynchronized: Bool { maximumError < .seconds(16) }

    public static func read() throws(SystemError) -> ClockDiscipline {
        var state = timex()
        guard unsafe adjtimex(&state) >= 0 else { throw SystemError("ask the kernel about", "the clock") }
        return ClockDiscipline(
            isMarkedUnsynchronized: state.status & 0x40 != 0,
            maximumError: Interval(microseconds: Int64(state.maxerror)))
    }
}
