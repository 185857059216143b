import Systemd
import Values

/// The boots that a journal holds, in order of time.
struct BootTable: Sendable {
    /// The last entry of each boot, of whatever unit, by rank.
    private(set) var ends: [Moment] = []
    private var ranks: [BootID: Int] = [:]

    static let limit = 4096

    /// Boots are ordered by their last entry: at the end of a boot the clock is most likely to have been set.
    init(_ journal: inout Journal) throws(JournalError) {
        var lasts: [(boot: BootID, monotonic: UInt64, wall: WallTime)] = []
        for boot in try journal.boots(limit: BootTable.limit) {
            journal.flushMatches()
            try journal.match("_BOOT_ID", boot.description)
            try journal.seek(.tail)
            try journal.read(.backward) { entry in
                lasts.append((boot, entry.monotonic.microseconds, entry.time))
                return .stop
            }
        }
        journal.flushMatches()
        lasts.sort { $0.wall < $1.wall }
        for (rank, last) in lasts.enumerated() {
            ranks[last.boot] = rank
            ends.append(Moment(rank: rank, monotonic: last.monotonic, wall: last.wall))
        }
    }

    /// A boot that began after the table was made comes last.
    func rank(of boot: BootID) -> Int { ranks[boot] ?? ranks.count }

    func moment(of entry: borrowing JournalEntry) -> Moment {
        let (boot, monotonic) = entry.monotonic
        return Moment(rank: rank(of: boot), monotonic: monotonic, wall: entry.time)
    }
}
