import CSystemd
import Linux
import Synchronization

/// Held while sd-journal is called through one handle: only inside such calls are journal files mapped and unmapped.
final class JournalGate: Sendable {
    private let mutex = Mutex(())

    func hold<Result: Sendable, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        try mutex.withLock { _ throws(Failure) in try body() }
    }
}

/// The journal files that this process has mapped.
///
/// sd-journal maps what it reads in windows of 8 MiB and keeps them, so that reading 250 MB of journal once counts
/// 175 MB as resident. The mappings are read-only and shared with the page cache: dropping their pages costs a fault
/// where one is needed again, and nothing else.
enum JournalMappings {
    private static let gates = Mutex<[JournalGate]>([])

    static func register(_ gate: JournalGate) { gates.withLock { $0.append(gate) } }

    static func unregister(_ gate: JournalGate) { gates.withLock { all in all.removeAll { $0 === gate } } }

    /// So many bytes of file pages may become resident between two releases.
    private static let allowance = 12 << 20
    /// The count of resident file pages at which they are dropped; 0 before the first look.
    private static let ceiling = Atomic(0)

    /// Drops the pages of journal files if too many have become resident since that was last done. What other files
    /// keep resident, such as this program itself, counts as given. No gate may be held.
    static func relieve() {
        guard let resident = residentFilePages() else { return }
        let limit = ceiling.load(ordering: .relaxed)
        if limit > 0 {
            guard resident > limit else { return }
            releaseMappedPages()
        }
        ceiling.store((residentFilePages() ?? resident) + allowance / 4096, ordering: .relaxed)
    }

    /// The third field of proc_pid_statm(5), in pages.
    private static func residentFilePages() -> Int? {
        guard let text = try? contents(of: "/proc/self/statm", limit: 256) else { return nil }
        let fields = text.split(separator: UInt8(ascii: " "))
        return fields.count > 2 ? Int(String(decoding: fields[2], as: UTF8.self)) : nil
    }

    /// Drops the resident pages of every `*.journal` mapping.
    ///
    /// All gates are held from reading the list of mappings to the last drop: an address that is unmapped in between
    /// could belong to the allocator by then, whose pages would be lost.
    static func releaseMappedPages() {
        gates.withLock { hold($0[...], releaseUnguarded) }
    }

    private static func hold(_ gates: ArraySlice<JournalGate>, _ body: () -> Void) {
        guard let first = gates.first else { return body() }
        first.hold { hold(gates.dropFirst(), body) }
    }

    private static func releaseUnguarded() {
        // Without the list the pages merely stay: that costs memory, not truth.
        guard let maps = try? contents(of: "/proc/self/maps", limit: 4 << 20) else { return }
        for line in maps.split(separator: UInt8(ascii: "\n")) {
            if let range = journalMapping(line) { _ = csd_drop_pages(range.lowerBound, range.upperBound) }
        }
    }

    /// The addresses of a proc_pid_maps(5) line `start-end r--s … /path/name.journal`; nil for any other mapping.
    static func journalMapping(_ line: ArraySlice<UInt8>) -> Range<UInt64>? {
        let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 5, omittingEmptySubsequences: true)
        guard fields.count == 6, fields[1].elementsEqual("r--s".utf8) else { return nil }
        // A rotated file's name ends in `~` where it was damaged; a vacuumed one is marked as deleted.
        let endings = [".journal", ".journal~", ".journal (deleted)", ".journal~ (deleted)"]
        guard endings.contains(where: { fields[5].suffix($0.utf8.count).elementsEqual($0.utf8) }) else { return nil }
        let addresses = fields[0].split(separator: UInt8(ascii: "-"))
        guard addresses.count == 2,
            let start = UInt64(String(decoding: addresses[0], as: UTF8.self), radix: 16),
            let end = UInt64(String(decoding: addresses[1], as: UTF8.self), radix: 16), start < end
        else { return nil }
        return start..<end
    }
}
