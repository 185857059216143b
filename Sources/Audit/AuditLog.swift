import Identity
import Linux
import Synchronization
public import Values

/// The account of what was asked of this host and what was done: one line of JSON each, chained by digests, in a file
/// that only grows.
///
/// Nobody waits for the disk but those whose deed must not be done without its line. Lines are queued, and written in
/// one go by `run`'s thread.
public final class AuditLog: Sendable {
    /// Where the lines go, and how long they are kept.
    public struct Place: Hashable, Sendable {
        public var path: String
        /// nil for ever.
        public var retention: Interval?

        public init(path: String, retention: Interval?) {
            self.path = path
            self.retention = retention
        }
    }

    /// What it tells others.
    public enum News: Hashable, Sendable {
        /// A privileged act, for the journal.
        case act(String)
        /// It can't be written, and why; until it can, nothing that changes the host is to be done.
        case lost(reason: String, hint: String)
        case recovered
    }

    private struct Entry {
        let event: AuditEvent
        let time: WallTime
        /// Told whether the line is on the disk.
        var done: (@Sendable (Bool) -> Void)?
    }

    private struct Queue {
        var entries: [Entry] = []
        var isScheduled = false
        /// Lines of reads that found no room.
        var omitted = 0
        var reads: TokenBucket
        var isUsable = true
        var place: Place
        var isReopening = false
    }

    private let queue: Mutex<Queue>
    private let writer: Mutex<AuditWriter>
    private let run: @Sendable (@escaping @Sendable () -> Void) -> Void
    private let tell: @Sendable (News) -> Void

    /// `run` does its work later and on one thread; `tell` is called there too.
    public init(
        _ place: Place, rotation: Bytes = .mebibytes(16),
        run: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void,
        tell: @escaping @Sendable (News) -> Void
    ) {
        queue = Mutex(Queue(reads: TokenBucket(AuditLog.reads, at: Clock.monotonic), place: place))
        writer = Mutex(AuditWriter(rotation: rotation))
        self.run = run
        self.tell = tell
    }

    /// So many lines of answered requests at once and in a minute are kept, the rest is counted: a flood of questions
    /// must not fill the disk.
    static let reads = TokenBucket.Rate(perMinute: 600, burst: 2000)
    /// How many lines may wait for the disk.
    static let waiting = 4096
    /// How many files are kept beside the one that is written to, whatever their age: a gibibyte.
    static let files = 64

    /// Whether the last attempt to write succeeded.
    public var isUsable: Bool { queue.withLock { $0.isUsable } }

    /// Keeps an event; returns at once.
    public func note(_ event: AuditEvent) { add(Entry(event: event, time: Clock.wall)) }

    /// Keeps an event whose line has to be on the disk first: `done` is told whether it is, on `run`'s thread.
    public func note(_ event: AuditEvent, done: @escaping @Sendable (Bool) -> Void) {
        add(Entry(event: event, time: Clock.wall, done: done))
    }

    /// Takes the place that is configured now, and opens the file anew: logrotate may have moved it.
    public func reopen(at place: Place) {
        let starts = queue.withLock { queue in
            queue.place = place
            queue.isReopening = true
            return AuditLog.schedule(&queue)
        }
        if starts { run { self.drain() } }
    }

    private func add(_ entry: Entry) {
        let (starts, isRefused) = queue.withLock { queue in
            if !entry.event.isPrivileged, queue.reads.take(AuditLog.reads, at: Clock.monotonic) != nil {
                queue.omitted += 1
                return (false, false)
            }
            guard queue.entries.count < AuditLog.waiting else {
                queue.omitted += 1
                return (false, true)
            }
            queue.entries.append(entry)
            return (AuditLog.schedule(&queue), false)
        }
        if isRefused, let done = entry.done { run { done(false) } }
        if starts { run { self.drain() } }
    }

    private static func schedule(_ queue: inout Queue) -> Bool {
        defer { queue.isScheduled = true }
        return !queue.isScheduled
    }

    /// Writes what is queued, as one write.
    private func drain() {
        let (entries, omitted, place, reopens) = queue.withLock { queue in
            queue.isScheduled = false
            defer {
                queue.entries = []
                queue.omitted = 0
                queue.isReopening = false
            }
            return (queue.entries, queue.omitted, queue.place, queue.isReopening)
        }
        let events = entries.map { (event: $0.event, time: $0.time) }
        let syncs = events.contains { $0.event.isPrivileged }
        let fault: IdentityError? = writer.withLock { writer in
            do throws(IdentityError) {
                if reopens { writer.close() }
                try writer.write(events, omitted: omitted, to: place, at: Clock.wall, syncs: syncs)
                return nil
            } catch {
                writer.close()
                return error
            }
        }
        let wasUsable = queue.withLock { queue in
            defer { queue.isUsable = fault == nil }
            // What could not be written is owned up to by the next line that can.
            if fault != nil { queue.omitted += entries.count + omitted }
            return queue.isUsable
        }
        for words in events.compactMap(\.event.words) { tell(.act(words)) }
        if let fault, wasUsable { tell(.lost(reason: "\(fault)", hint: fault.hint)) }
        if fault == nil, !wasUsable { tell(.recovered) }
        for entry in entries { entry.done?(fault == nil) }
    }
}
