import NIOCore
import Synchronization
import Values

/// Keeps a flood of refused peers out of the log: of each peer and kind the first is reported, then one in ten seconds
/// with the number of those left out. No timer: what follows the last report is told by the next one.
final class RefusalLog: Sendable {
    private struct Key: Hashable {
        let peer: IPAddress?
        let group: Int
    }

    private struct Entry {
        var reported: NIODeadline
        var suppressed = 0
    }

    private static let interval = TimeAmount.seconds(10)
    private static let capacity = 256

    private let entries = Mutex<[Key: Entry]>([:])
    private let report: @Sendable (Refusal) -> Void

    init(_ report: @escaping @Sendable (Refusal) -> Void) { self.report = report }

    func note(_ peer: IPAddress, _ kind: Refusal.Kind, now: NIODeadline = .now()) {
        let suppressed: Int? = entries.withLock { entries in
            var key = Key(peer: peer, group: kind.group)
            if entries[key] == nil, entries.count >= RefusalLog.capacity {
                entries = entries.filter { now < $0.value.reported + RefusalLog.interval }
                // So many peers at once share one entry.
                if entries.count >= RefusalLog.capacity { key = Key(peer: nil, group: kind.group) }
            }
            if var entry = entries[key], now < entry.reported + RefusalLog.interval {
                entry.suppressed += 1
                entries[key] = entry
                return nil
            }
            let suppressed = entries[key]?.suppressed ?? 0
            entries[key] = Entry(reported: now)
            return suppressed
        }
        if let suppressed { report(Refusal(peer: peer, kind: kind, suppressed: suppressed)) }
    }
}
