import CSystemd
import Linux
public import Values

/// A handle on journal files (sd-journal(3)): closed with its owner, used by one thread at a time.
@safe
public struct Journal: ~Copyable {
    private let handle: OpaquePointer
    private let gate: JournalGate
    private let name: String

    /// Which files.
    public enum Place: Hashable, Sendable, CustomStringConvertible {
        /// The system journal of this machine.
        case system
        /// A directory of `.journal` files, or of one directory per machine id.
        case directory(String)
        /// These files and no others, whose directory is named for messages.
        case files([String], of: String)

        public var description: String {
            switch self {
            case .system: "system journal"
            case .directory(let path): path
            case .files(_, let directory): directory
            }
        }
    }

    /// Opens for reading; files that this user may not read are left out silently, as sd_journal_open(3) does.
    public init(_ place: Place) throws(JournalError) {
        let gate = JournalGate()
        JournalMappings.relieve()
        // Before opening, which maps and unmaps too.
        JournalMappings.register(gate)
        // The closure runs at once, on this thread.
        nonisolated(unsafe) var opened: OpaquePointer?
        let result = gate.hold {
            let result: Int32 =
                switch place {
                case .system: unsafe sd_journal_open(&opened, Int32(SD_JOURNAL_LOCAL_ONLY | SD_JOURNAL_SYSTEM))
                case .directory(let path): unsafe sd_journal_open_directory(&opened, path, 0)
                case .files(let paths, _): unsafe Self.open(paths, &opened)
                }
            if let opened = unsafe opened { _ = unsafe sd_journal_set_data_threshold(opened, JournalEntry.valueLimit) }
            return result
        }
        guard result >= 0, let opened = unsafe opened else {
            JournalMappings.unregister(gate)
            throw JournalError("open", place.description, result: result)
        }
        unsafe handle = unsafe opened
        self.gate = gate
        name = place.description
    }

    /// By descriptors of our own, so that the access times of another host's files stay as they are.
    private static func open(_ paths: [String], _ opened: inout OpaquePointer?) -> Int32 {
        var descriptors: [Int32] = []
        for path in paths {
            let descriptor = unsafe csd_open_quietly(path)
            guard descriptor >= 0 else {
                for descriptor in descriptors { _ = close(descriptor) }
                return descriptor
            }
            descriptors.append(descriptor)
        }
        let result = unsafe sd_journal_open_files_fd(&opened, &descriptors, UInt32(descriptors.count), 0)
        // Where it succeeds they belong to the handle.
        if result < 0 { for descriptor in descriptors { _ = close(descriptor) } }
        return result
    }

    deinit {
        let handle = unsafe handle
        gate.hold { unsafe sd_journal_close(handle) }
        JournalMappings.unregister(gate)
    }

    /// Bytes on disk of the files that are open: 0 where there are none, less than before where a damaged file was
    /// dropped in the course of reading.
    public mutating func usage() -> Bytes {
        gate.hold {
            var bytes: UInt64 = 0
            _ = unsafe sd_journal_get_usage(handle, &bytes)
            return Bytes(bytes)
        }
    }

    /// When the oldest and the newest entry of all were written; nil where there is no entry.
    public mutating func reach() -> ClosedRange<WallTime>? {
        gate.hold {
            var from: UInt64 = 0
            var to: UInt64 = 0
            guard unsafe sd_journal_get_cutoff_realtime_usec(handle, &from, &to) > 0, from <= to else { return nil }
            return WallTime(microseconds: Int64(clamping: from))...WallTime(microseconds: Int64(clamping: to))
        }
    }

    /// Every boot that the files hold, in no order, at most `limit`.
    public mutating func boots(limit: Int) throws(JournalError) -> [BootID] {
        try values(of: "_BOOT_ID", limit: limit).compactMap { BootID($0) }
    }

    /// The different values of a field in all files, in no order, each cut at 256 bytes, at most `limit`.
    public mutating func values(of field: String, limit: Int) throws(JournalError) -> [String] {
        try gate.hold { () throws(JournalError) in
            let result = unsafe sd_journal_query_unique(handle, field)
            guard result >= 0 else { throw JournalError("list the values of \(field) in", name, result: result) }
            var values: [String] = []
            var data: UnsafeRawPointer?
            var size = 0
            while values.count < limit, unsafe sd_journal_enumerate_available_unique(handle, &data, &size) > 0,
                let start = unsafe data
            {
                let assignment = unsafe Span(
                    _unsafeStart: start.assumingMemoryBound(to: UInt8.self), count: min(size, 256))
                values.append(String(String(copying: assignment).dropFirst(field.utf8.count + 1)))
            }
            return values
        }
    }
}

/// What is read: sd_journal_add_match(3). Matches of one field are alternatives, those of different fields all hold.
extension Journal {
    public mutating func match(_ field: String, _ value: String) throws(JournalError) {
        let assignment = Array("\(field)=\(value)".utf8)
        let result = gate.hold {
            unsafe assignment.withUnsafeBytes { bytes in
                unsafe sd_journal_add_match(handle, bytes.baseAddress, bytes.count)
            }
        }
        guard result >= 0 else { throw JournalError("match \(field) in", name, result: result) }
    }

    /// What follows is an alternative to all matches so far.
    public mutating func or() throws(JournalError) {
        let result = gate.hold { unsafe sd_journal_add_disjunction(handle) }
        guard result >= 0 else { throw JournalError("set matches of", name, result: result) }
    }

    public mutating func flushMatches() {
        gate.hold { unsafe sd_journal_flush_matches(handle) }
    }
}

/// Where to, and on from there.
extension Journal {
    public enum Position: Hashable, Sendable {
        case head, tail
        /// Forward, before the first entry at or after this time; backward, after the last one at or before it.
        case time(WallTime)
    }

    public enum Direction: Sendable { case forward, backward }

    /// What to do after an entry.
    public enum Step: Sendable {
        case next, stop
        /// Go on from before this time, and `back` matching entries before it.
        case seek(WallTime, back: Int)
    }

    public enum Ending: Sendable, Hashable { case end, stopped, deadline }

    public mutating func seek(_ position: Position) throws(JournalError) {
        try gate.hold { () throws(JournalError) in try seekGuarded(position) }
    }

    /// Goes to the place `back` matching entries before the first one at or after `time`.
    public mutating func seek(to time: WallTime, back: Int) throws(JournalError) {
        try gate.hold { () throws(JournalError) in try seekGuarded(to: time, back: back) }
    }

    private func seekGuarded(to time: WallTime, back: Int) throws(JournalError) {
        guard back > 0 else { return try seekGuarded(.time(time)) }
        // `previous` lands on the last entry at or before a seek's time; `next` then makes one step forward.
        try seekGuarded(.time(WallTime(microseconds: time.microseconds - 1)))
        let moved = unsafe sd_journal_previous_skip(handle, UInt64(back) + 1)
        guard moved >= 0 else { throw JournalError("seek in", name, result: moved) }
        if moved <= back { try seekGuarded(moved == 0 ? .time(time) : .head) }
    }

    private func seekGuarded(_ position: Position) throws(JournalError) {
        let result =
            switch position {
            case .head: unsafe sd_journal_seek_head(handle)
            case .tail: unsafe sd_journal_seek_tail(handle)
            case .time(let time): unsafe sd_journal_seek_realtime_usec(handle, UInt64(clamping: time.microseconds))
            }
        guard result >= 0 else { throw JournalError("seek in", name, result: result) }
    }

    /// Lends one entry after the other until `body` stops, the entries end, or CLOCK_MONOTONIC passes `deadline`
    /// (microseconds).
    ///
    /// Resident pages of the files are dropped on the way: see `JournalMappings`.
    @discardableResult
    public mutating func read(
        _ direction: Direction = .forward, until deadline: UInt64 = .max,
        _ body: (borrowing JournalEntry) -> Step
    ) throws(JournalError) -> Ending {
        while true {
            let ending = try gate.hold { () throws(JournalError) in
                try readGuarded(direction, atMost: Journal.entriesAtOnce, until: deadline, body)
            }
            JournalMappings.relieve()
            if let ending { return ending }
        }
    }

    private func readGuarded(
        _ direction: Direction, atMost limit: Int, until deadline: UInt64, _ body: (borrowing JournalEntry) -> Step
    ) throws(JournalError) -> Ending? {
        var count = 0
        while count < limit {
            if count & 255 == 0, deadline != .max, Clock.monotonic > deadline { return .deadline }
            let result = unsafe direction == .forward ? sd_journal_next(handle) : sd_journal_previous(handle)
            guard result >= 0 else { throw JournalError("read", name, result: result) }
            if result == 0 { return .end }
            count += 1
            switch body(unsafe JournalEntry(handle)) {
            case .next: break
            case .stop: return .stopped
            case .seek(let time, let back): try seekGuarded(to: time, back: back)
            }
        }
        return nil
    }

    /// After so many entries others may drop pages.
    private static let entriesAtOnce = 512
}
