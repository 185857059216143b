import CLinux

/// Waiting for descriptors (poll(2)).
public enum Readiness {
    /// A descriptor, and what is waited for on it: events of poll(2).
    public struct Wish: Sendable, Hashable {
        public var descriptor: Int32
        public var events: Int16

        public init(_ descriptor: Int32, events: Int16) {
            self.descriptor = descriptor
            self.events = events
        }

        /// That something can be read.
        public static func input(_ descriptor: Int32) -> Wish { Wish(descriptor, events: Int16(POLLIN)) }
    }

    /// Whether a wish is fulfilled already, or can't be any more.
    public static func isFulfilled(_ wish: Wish) -> Bool {
        var entry = pollfd(fd: wish.descriptor, events: wish.events, revents: 0)
        return unsafe poll(&entry, 1, 0) > 0
    }

    /// Blocks this thread until one of the wishes is fulfilled, its descriptor has failed, or CLOCK_MONOTONIC has come
    /// to `deadline` (microseconds); a signal may end it early too.
    public static func wait(for wishes: [Wish], until deadline: UInt64 = .max) {
        var entries = wishes.map { pollfd(fd: $0.descriptor, events: $0.events, revents: 0) }
        var patience: Int32 = -1
        if deadline != .max {
            let now = Clock.monotonic
            // Rounded up: rounded down, the last millisecond would be spent in a circle.
            patience = now >= deadline ? 0 : Int32(clamping: (deadline - now + 999) / 1000)
        }
        _ = unsafe poll(&entries, nfds_t(entries.count), patience)
    }
}
