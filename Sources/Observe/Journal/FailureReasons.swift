import Evidence
import Systemd
import Values

/// Why each attempt failed, as far as anyone said so.
struct FailureReasons: Sendable {
    struct Entry: Sendable {
        var signature = SignatureTable.unread
        var teller = Teller.nobody
        var saysError = false
        /// The telling line; nil where PID 1's records tell it.
        var line: Moment?
    }

    /// Whose words the reason is.
    enum Teller: UInt8, Sendable {
        /// Nobody has read that far.
        case nobody
        case unit, spawn, orphaned, manager
    }

    private(set) var entries: [Entry]
    private(set) var table = SignatureTable()
    /// Entries that were read for it.
    private(set) var lines = 0

    /// Of a long list, so many at either end are read before what lies between them: a deadline then costs the least
    /// that anyone asks for.
    private static let ends = 256

    private init(count: Int) { entries = Array(repeating: Entry(), count: count) }

    /// Completes the attempts by how their processes ended, where a reason depends on it.
    static func read(
        _ attempts: inout [Attempt], _ records: UnitRecords, identifier: String
    ) async throws(JournalError) -> FailureReasons {
        let reader = ReasonReader(records: records, attempts: attempts)
        var reasons = FailureReasons(count: attempts.count)
        let (middle, upper) = (attempts.count / 2, attempts.count - ends)
        if attempts.count > 4 * ends {
            reasons.take(.unit, from: upper, try reader.read(.unit, upper..<attempts.count))
            reasons.take(.unit, from: 0, try reader.read(.unit, 0..<ends))
            async let first = reader.outcome(.unit, ends..<middle)
            async let second = reader.outcome(.unit, middle..<upper)
            reasons.take(.unit, from: ends, try await first.get())
            reasons.take(.unit, from: middle, try await second.get())
        } else {
            reasons.take(.unit, from: 0, try reader.read(.unit, attempts.indices))
        }
        guard attempts.indices.contains(where: reasons.isSilent) else {
            reasons.letManagerSpeak(attempts)
            return reasons
        }
        // Only the silent ones are told apart by how their processes ended.
        let exits = try records.exits()
        reasons.lines += exits.entries
        Attempt.end(&attempts, with: exits.value)
        let unspawned = attempts.map(\.couldNotSpawn)
        if unspawned.contains(true) {
            reasons.take(.spawn, from: 0, try reader.read(.spawn, attempts.indices)) { unspawned[$0] }
        }
        if !identifier.isEmpty, attempts.indices.contains(where: reasons.isSilent) {
            reasons.take(.orphaned, from: 0, try reader.read(.orphaned(identifier: identifier), attempts.indices))
        }
        reasons.letManagerSpeak(attempts)
        return reasons
    }

    /// The same for attempts that ended just now; the first of `attempts` only says where the one before them ended. How
    /// their processes ended must be known already.
    static func read(
        behindFirstOf attempts: [Attempt], _ records: UnitRecords, identifier: String
    ) throws(JournalError) -> FailureReasons {
        let reader = ReasonReader(records: records, attempts: attempts)
        let range = 1..<attempts.count
        var reasons = FailureReasons(count: attempts.count)
        reasons.take(.unit, from: 1, try reader.read(.unit, range))
        let unspawned = attempts.map(\.couldNotSpawn)
        if range.contains(where: { reasons.isSilent($0) && unspawned[$0] }) {
            reasons.take(.spawn, from: 1, try reader.read(.spawn, range)) { unspawned[$0] }
        }
        if !identifier.isEmpty, range.contains(where: reasons.isSilent) {
            reasons.take(.orphaned, from: 1, try reader.read(.orphaned(identifier: identifier), range))
        }
        reasons.letManagerSpeak(attempts)
        return reasons
    }

    /// Read to its end and without a word of its own.
    private func isSilent(_ index: Int) -> Bool { entries[index].teller == .manager }

    /// Takes what was heard of attempts that nobody has spoken for yet; all but the unit's own voice is asked only for
    /// those that the unit is known to have been silent in.
    private mutating func take(
        _ teller: Teller, from start: Int, _ heard: ReasonReader.Heard, where isWanted: (Int) -> Bool = { _ in true }
    ) {
        let numbers = table.merge(heard.table)
        lines += heard.entries
        for offset in 0..<heard.count where entries[start + offset].line == nil {
            guard teller == .unit || isSilent(start + offset), isWanted(start + offset) else { continue }
            let reason = heard.reasons[offset]
            guard let line = reason.line else {
                entries[start + offset].teller = .manager
                continue
            }
            let number = Int(reason.signature)
            entries[start + offset] = Entry(
                signature: number < numbers.count ? numbers[number] : SignatureTable.overflow, teller: teller,
                saysError: reason.saysError, line: line)
        }
    }

    /// PID 1's records tell the reason where the service said nothing, and where systemd or the kernel ended it
    /// before it could say so.
    private mutating func letManagerSpeak(_ attempts: [Attempt]) {
        var numbers: [Attempt.EndingKey: UInt16] = [:]
        for index in attempts.indices where entries[index].teller != .nobody {
            let attempt = attempts[index]
            guard entries[index].line == nil || (attempt.result.isSystemdsDoing && !entries[index].saysError) else {
                continue
            }
            let key = attempt.endingKey
            let number = numbers[key] ?? table.number(exactly: "systemd: \(attempt.ending)")
            numbers[key] = number
            entries[index] = Entry(signature: number, teller: .manager)
        }
    }
}

extension ReasonReader {
    fileprivate func outcome(_ voice: Voice, _ range: Range<Int>) async -> Result<Heard, JournalError> {
        Result { () throws(JournalError) in try read(voice, range) }
    }
}
