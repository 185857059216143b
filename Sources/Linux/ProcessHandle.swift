import CLinux
public import Values

/// A process held by a pidfd (pidfd_open(2)): a signal through it reaches that very process or nobody, even if another
/// one has its number by then.
public struct ProcessHandle: ~Copyable, Sendable {
    public let pid: Int32
    private let descriptor: Descriptor
    /// Becomes readable at its end.
    var raw: Int32 { descriptor.raw }

    /// Whoever has that number now; `nil` where nobody has.
    public init?(_ pid: Int32) throws(SystemError) {
        let raw = cl_pidfd_open(pid)
        guard raw >= 0 else {
            let error = SystemError("open a pidfd for", "pid \(pid)")
            if error.code == ESRCH { return nil }
            throw error
        }
        self.pid = pid
        descriptor = Descriptor(owning: raw, path: "pid \(pid)")
    }

    /// SIGTERM or SIGKILL (signal(7)).
    public enum Signal: String, Sendable, Hashable, Codable {
        case terminate = "SIGTERM"
        case kill = "SIGKILL"

        fileprivate var number: Int32 { Int32(self == .terminate ? cl_sigterm : cl_sigkill) }
    }

    /// False where it has ended already (pidfd_send_signal(2), ESRCH).
    public func send(_ signal: Signal) throws(SystemError) -> Bool {
        if cl_pidfd_send_signal(descriptor.raw, signal.number) == 0 { return true }
        let error = SystemError("send \(signal.rawValue) to", "pid \(pid)")
        if error.code == ESRCH { return false }
        throw error
    }

    /// Waits for its end, which makes the pidfd readable; false where it lives on after that time.
    public func waitForEnd(_ time: Interval) throws(SystemError) -> Bool {
        let deadline = Clock.monotonic + UInt64(max(0, time.microseconds))
        while true {
            let now = Clock.monotonic
            let rest = now < deadline ? (deadline - now) / 1000 + 1 : 0
            var wanted = pollfd(fd: descriptor.raw, events: Int16(POLLIN), revents: 0)
            let ready = unsafe poll(&wanted, 1, Int32(clamping: rest))
            if ready > 0 { return true }
            if ready == 0 {
                guard Clock.monotonic >= deadline else { continue }
                return false
            }
            let code = currentErrno()
            if code != EINTR { throw SystemError("wait for", "pid \(pid)", code: code) }
        }
    }
}
