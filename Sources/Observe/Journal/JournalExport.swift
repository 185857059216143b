import Evidence
import Systemd
import Values

/// Some entries of a journal in systemd's Journal Export Format, without secrets: journalctl and
/// systemd-journal-remote read it.
struct JournalExport {
    private var entries: [(moment: Moment, bytes: [UInt8])] = []
    private var known: Set<String> = []
    private var secrets = LineSecrets()
    private var size = 0
    /// Entries that found no room, and fields that were cut.
    private(set) var leftOut = 0
    private(set) var cutFields = 0

    static let limit = 1 << 20
    private static let fieldLimit = 16 << 10

    var count: Int { entries.count }
    var maskedSecrets: Int { secrets.count }

    /// Adds an entry that is not there yet, unless the whole would outgrow `share` bytes.
    mutating func add(_ entry: borrowing JournalEntry, at moment: Moment, share: Int = JournalExport.limit) {
        let cursor = entry.cursor
        guard known.insert(cursor).inserted else { return }
        let bytes = format(entry, cursor: cursor)
        guard size + bytes.count <= share else {
            leftOut += 1
            return
        }
        size += bytes.count
        entries.append((moment, bytes))
    }

    /// In order of time, a blank line after each entry.
    var content: [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(size)
        for entry in entries.sorted(by: { $0.moment < $1.moment }) { result += entry.bytes }
        return result
    }

    private mutating func format(_ entry: borrowing JournalEntry, cursor: String) -> [UInt8] {
        let (boot, monotonic) = entry.monotonic
        var bytes = Array(
            """
            __CURSOR=\(cursor)
            __REALTIME_TIMESTAMP=\(entry.time.microseconds)
            __MONOTONIC_TIMESTAMP=\(monotonic)
            _BOOT_ID=\(boot)

            """.utf8)
        var fields: [[UInt8]] = []
        var cut = 0
        entry.forEachField { assignment, isCut in
            var copy: [UInt8] = []
            for index in 0..<min(assignment.count, JournalExport.fieldLimit) { copy.append(assignment[index]) }
            if isCut || copy.count < assignment.count { cut += 1 }
            if !copy.starts(with: "_BOOT_ID=".utf8) { fields.append(copy) }
        }
        cutFields += cut
        for field in fields { JournalExport.append(secrets.mask(field), to: &bytes) }
        bytes.append(0x0A)
        return bytes
    }

    /// As text, or with its length in front where it is no text of one line.
    private static func append(_ field: [UInt8], to bytes: inout [UInt8]) {
        let isText = field.allSatisfy { $0 >= 0x20 || $0 == 0x09 } && String(validating: field, as: UTF8.self) != nil
        if isText {
            bytes += field
        } else if let equals = field.firstIndex(of: UInt8(ascii: "=")) {
            bytes += field[..<equals]
            bytes.append(0x0A)
            let value = field[(equals + 1)...]
            for shift in stride(from: 0, to: 64, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: value.count >> shift))
            }
            bytes += value
        }
        bytes.append(0x0A)
    }
}
