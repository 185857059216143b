import Evidence
import Systemd
import Values

extension LineSecrets {
    /// A message as it may be kept: without secrets and escape sequences, harmless to show, at most 512 characters.
    mutating func kept(_ message: [UInt8]) -> String {
        String(decoding: mask(message.withoutEscapeSequences), as: UTF8.self).harmless()
    }

    mutating func kept(_ entry: borrowing JournalEntry) -> JournalLine {
        JournalLine(
            time: entry.time, cursor: entry.cursor.harmless(),
            pid: entry.text("_PID", limit: 16).flatMap { Int32($0) },
            identifier: (entry.text("SYSLOG_IDENTIFIER", limit: 64) ?? entry.text("_COMM", limit: 64) ?? "").harmless(),
            priority: entry.text("PRIORITY", limit: 4).flatMap { Int($0) },
            message: kept(entry.bytes("MESSAGE", limit: 2048)))
    }
}

extension JournalEntry {
    /// A field's first `limit` bytes; empty where the entry has none.
    func bytes(_ name: StaticString, limit: Int) -> [UInt8] {
        var result: [UInt8] = []
        withField(name) { value in
            for index in 0..<min(value.count, limit) { result.append(value[index]) }
        }
        return result
    }
}
