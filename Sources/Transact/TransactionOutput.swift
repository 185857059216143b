import Linux
import Values

/// The file `output`: what the programs of a transaction printed. Its head tells how it began and its tail how it ended; what
/// is between them goes where there is too much of it.
struct TransactionOutput: ~Copyable {
    private let file: Descriptor
    private var size = 0
    private let limit: Int
    /// Of what is kept at the start, and at the end.
    private var part: Int { limit / 4 }
    static let limit = 4 << 20

    init(in directory: borrowing DirectoryAnchor, limit: Int = TransactionOutput.limit) throws(SystemError) {
        let opened = try directory.openOrCreateFile(TransactionDirectory.Name.output)
        try opened.truncate(to: 0)
        file = opened
        self.limit = limit
    }

    mutating func append(_ bytes: ArraySlice<UInt8>) throws(SystemError) {
        if size + bytes.count > limit { try cutMiddle() }
        // More at once than there is room for can't come: a pipe is read in small pieces.
        let piece = Array(bytes.suffix(part))
        try file.writeAll(piece)
        size += piece.count
    }

    private mutating func cutMiddle() throws(SystemError) {
        var tail = [UInt8](repeating: 0, count: min(part, max(0, size - part)))
        let count = try file.read(into: &tail, at: UInt64(size - tail.count))
        tail.removeSubrange(count...)
        let head = min(part, size)
        try file.truncate(to: UInt64(head))
        try file.seek(to: UInt64(head))
        let mark = Array("\n[\(Bytes(UInt64(size - head - tail.count)).readable) left out]\n".utf8)
        try file.writeAll(mark + tail)
        size = head + mark.count + tail.count
    }

    /// At most the last 256 KiB are looked at.
    static func lastLines(_ wanted: Int, in directory: borrowing DirectoryAnchor) -> [String] {
        guard wanted > 0, let file = try? directory.openFile(TransactionDirectory.Name.output),
            let status = try? file.status, status.isRegular
        else { return [] }
        let span = min(status.size, 1 << 18)
        var bytes = [UInt8](repeating: 0, count: Int(span))
        guard let count = try? file.read(into: &bytes, at: status.size - span) else { return [] }
        var lines = bytes[..<count].split(separator: UInt8(ascii: "\n"))
        // The first one may have begun before what was read.
        if span < status.size, !lines.isEmpty { lines.removeFirst() }
        return lines.suffix(wanted).map { String(decoding: $0, as: UTF8.self).harmless(limit: 500) }
    }
}
