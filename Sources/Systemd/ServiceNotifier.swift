import CSystemd
public import Values

/// What a service tells systemd about itself (sd_notify(3)); without systemd above it, nothing happens.
public struct ServiceNotifier: Sendable {
    public init() {}

    /// One line for `systemctl status`; line breaks would start another assignment.
    public func status(_ words: String) { send("STATUS=\(words.harmless(limit: 1000))") }

    /// READY=1: start-up, or a reload, is over.
    public func ready() { send("READY=1") }

    /// RELOADING=1, with the time that systemd wants beside it: without it a reload hangs.
    public func reloading(at monotonic: UInt64) { send("RELOADING=1\nMONOTONIC_USEC=\(monotonic)") }

    /// STOPPING=1.
    public func stopping() { send("STOPPING=1") }

    /// WATCHDOG=1: this process still does its work.
    public func alive() { send("WATCHDOG=1") }

    /// How often systemd wants to hear that (sd_watchdog_enabled(3)): half of WatchdogSec; nil where it does not.
    public var watchdog: Interval? {
        var microseconds: UInt64 = 0
        guard unsafe sd_watchdog_enabled(0, &microseconds) > 0, microseconds > 1 else { return nil }
        return Interval(microseconds: Int64(clamping: microseconds / 2))
    }

    /// Whether systemd started this process and listens to it.
    public static var isSupervised: Bool { unsafe getenv("NOTIFY_SOCKET") != nil }

    /// Whether what goes to standard error ends in the journal, which wants priorities and no time of its own.
    public static var writesToJournal: Bool { unsafe getenv("JOURNAL_STREAM") != nil }

    private func send(_ state: String) { _ = unsafe sd_notify(0, state) }
}

/// Sockets that systemd holds for this service (sd_listen_fds(3)).
public enum InheritedSockets {
    /// Listening TCP stream sockets among those passed, close-on-exec; they are this process's to close.
    public static func take() -> [Int32] {
        let count = sd_listen_fds(1)
        guard count > 0 else { return [] }
        // 3 is SD_LISTEN_FDS_START, a macro.
        return (3..<(3 + count)).filter { sd_is_socket_inet($0, AF_UNSPEC, Int32(SOCK_STREAM.rawValue), 1, 0) > 0 }
    }
}
