public import Identity
import Linux
import Values

/// Reads a log back and says whether each line follows the one before it.
public struct AuditCheck: Hashable, Sendable {
    /// Lines of all the files.
    public private(set) var lines = 0
    public private(set) var files = 0
    /// Where the chain does not hold: a file and the number of a line in it, counted from 1.
    public private(set) var breaks: [Place] = []

    public struct Place: Hashable, Sendable {
        public let file: String
        public let line: Int
    }

    /// Reads the log at `path` and its retired files; changes nothing.
    public init(reading path: String) throws(IdentityError) {
        let parts = path.split(separator: "/").map(String.init)
        let name = parts.last ?? ""
        do throws(SystemError) {
            let directory = try DirectoryAnchor(opening: "/" + parts.dropLast().joined(separator: "/"))
            var previous: Digest?
            for file in try AuditFile.retired(name, in: directory) + [name] {
                let content = try directory.openFile(file).contents(limit: 64 << 20).bytes
                add(content, of: file, after: &previous)
            }
        } catch {
            throw .storage(error)
        }
    }

    private mutating func add(_ content: [UInt8], of file: String, after previous: inout Digest?) {
        files += 1
        for (index, line) in content.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
            if line.isEmpty, index > 0 { continue }
            lines += 1
            let named = AuditCheck.previous(of: line)
            // What was there before the oldest file is not here any more, and who removed all of them began anew.
            let isBeginning = previous == nil
            if !isBeginning, named != previous, breaks.count < 100 { breaks.append(Place(file: file, line: index + 1)) }
            previous = AuditLine.digest(of: Array(line))
        }
    }

    /// The `previous` that ends a line; nil where it has none, as a line that was cut off.
    private static func previous(of line: ArraySlice<UInt8>) -> Digest? {
        let end = Array("\"}".utf8)
        let start = Array(",\"previous\":\"".utf8)
        let width = start.count + 64 + end.count
        guard line.count > width, line.suffix(end.count).elementsEqual(end) else { return nil }
        let member = line.suffix(width)
        guard member.prefix(start.count).elementsEqual(start) else { return nil }
        return Digest(rawValue: String(decoding: member.dropFirst(start.count).prefix(64), as: UTF8.self))
    }
}
