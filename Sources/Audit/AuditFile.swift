import Identity
import Linux
import OpenSSL
import Values

/// The file that is written to, and those before it: `audit.log`, `audit.log.20260520T202355Z`.
struct AuditFile: ~Copyable {
    private let directory: DirectoryAnchor
    private let descriptor: Descriptor
    private let name: String
    private var size: UInt64
    /// In which of the days since 1970 it was begun.
    private let day: Int64
    /// Of the last line that is in it.
    private(set) var last: Digest

    /// Opens the log, made where it is not there: its directory with mode 0750, the file with 0600. Links, foreign
    /// owners, files of several names, and directories that others may write to are refused. The chain goes on from
    /// the last line of the file, or of the newest one before it, or from `known`.
    static func open(_ path: String, at now: WallTime, after known: Digest?) throws(IdentityError) -> AuditFile {
        let parts = path.split(separator: "/").map(String.init)
        guard path.hasPrefix("/"), let name = parts.last else {
            throw .refused(path: path, why: "it is not an absolute path", advice: "begin it with a slash")
        }
        let parent = "/" + parts.dropLast().joined(separator: "/")
        let directory = try SafeDirectory.open(parent) { $0 == parent ? 0o750 : 0o755 }
        let found = try SafeDirectory.find(name, in: directory)
        if let found, found.isSymbolicLink { throw SafeDirectory.refusal(ofLink: path) }
        do throws(SystemError) {
            if found == nil {
                _ = try directory.createFile(name)
                try directory.synchronize()
            }
            let descriptor = try directory.openForAppending(name)
            return try AuditFile(descriptor, in: directory, name, at: now, after: known)
        } catch {
            throw .storage(error)
        }
    }

    private init(
        _ descriptor: consuming Descriptor, in directory: consuming DirectoryAnchor, _ name: String, at now: WallTime,
        after known: Digest?
    ) throws(SystemError) {
        let status = try descriptor.status
        guard status.isRegular, status.links == 1 else {
            throw SystemError("append to", descriptor.path, code: SystemError.invalidArgument)
        }
        guard SafeDirectory.isTrusted(status.owner) else {
            throw SystemError("append to", descriptor.path, code: SystemError.notPermitted)
        }
        if status.permissions != 0o600 { try descriptor.setPermissions(0o600) }
        let tail = try AuditFile.lastLine(of: descriptor, status.size)
        // The machine went down while it was written: what follows begins a line of its own.
        let isTorn = tail?.isWhole == false
        if isTorn { try descriptor.writeAll([10]) }
        if let tail {
            last = AuditLine.digest(of: tail.line)
        } else {
            let before = try AuditFile.endOfPredecessor(in: directory, name)
            last = before ?? known ?? AuditLine.beginning
        }
        size = status.size + (isTorn ? 1 : 0)
        day = (status.size == 0 ? now : status.modified).seconds / 86400
        self.name = name
        self.directory = directory
        self.descriptor = descriptor
    }

    var isEmpty: Bool { size == 0 }

    /// Appends lines that were made to follow `last`; all of them, or the file is as it was.
    mutating func append(_ lines: [UInt8], last digest: Digest, syncs: Bool) throws(SystemError) {
        do throws(SystemError) {
            try descriptor.writeAll(lines)
        } catch {
            // Half a line would break the chain for whoever reads it later.
            try? descriptor.truncate(to: size)
            throw error
        }
        size += UInt64(lines.count)
        last = digest
        if syncs { try descriptor.synchronize() }
    }

    /// Whether the next line belongs into a new file: this one is full, or of another day.
    func isOver(at now: WallTime, limit: Bytes) -> Bool {
        !isEmpty && (size >= limit.count || now.seconds / 86400 != day)
    }

    /// Gives the file a name of its own, and lets the next one take its place: the time, or, where the clock was set back
    /// since, the second after the newest one. Names are the order of the chain.
    consuming func retire(at now: WallTime) throws(SystemError) {
        try descriptor.synchronize()
        let newest = try AuditFile.retired(name, in: directory).compactMap(AuditFile.time).max()
        let time = newest.map { max(now, $0 + .seconds(1)) } ?? now
        try directory.rename(name, to: "\(name).\(time.compact)")
        try directory.synchronize()
    }

    /// What the name of a retired file says: `audit.log.20260520T202355Z`.
    private static func time(of name: String) -> WallTime? {
        guard let stamp = name.split(separator: "." as Character).last.map({ Array($0.utf8) }), stamp.count >= 16
        else { return nil }
        func part(_ range: Range<Int>) -> String { String(decoding: stamp[range], as: UTF8.self) }
        return WallTime(
            rfc3339: "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(9..<11)):\(part(11..<13)):\(part(13..<15))Z")
    }

    /// Removes retired files from before `date`, and the oldest where there are more than `count`.
    func prune(before date: WallTime?, keeping count: Int) throws(SystemError) {
        let retired = try AuditFile.retired(name, in: directory)
        let oldest = date.map { "\(name).\($0.compact)" }
        for (index, old) in retired.enumerated() {
            let isOld = oldest.map { old < $0 } ?? false
            if isOld || index < retired.count - count { try directory.removeFile(old) }
        }
    }

    /// The retired files of a log, the oldest first.
    static func retired(_ name: String, in directory: borrowing DirectoryAnchor) throws(SystemError) -> [String] {
        // 16 characters of a time; some versions had a number behind them.
        try directory.list(limit: 100_000).names.filter { candidate in
            guard candidate.hasPrefix(name + ".") else { return false }
            let suffix = Array(candidate.utf8.dropFirst(name.utf8.count + 1))
            guard suffix.count == 16 || suffix.count == 19, suffix[8] == UInt8(ascii: "T"),
                suffix[15] == UInt8(ascii: "Z")
            else { return false }
            return suffix.enumerated().allSatisfy { [8, 15, 16].contains($0) || (48...57).contains($1) }
        }
    }

    private static func endOfPredecessor(
        in directory: borrowing DirectoryAnchor, _ name: String
    ) throws(SystemError) -> Digest? {
        guard let newest = try retired(name, in: directory).last else { return nil }
        let file = try directory.openFile(newest)
        return try lastLine(of: file, try file.status.size).map { AuditLine.digest(of: $0.line) }
    }

    /// The last line without its line feed, and whether it had one.
    private static func lastLine(
        of file: borrowing Descriptor, _ size: UInt64
    ) throws(SystemError) -> (line: [UInt8], isWhole: Bool)? {
        guard size > 0 else { return nil }
        // No line is longer.
        let reach = min(size, 65536)
        var tail = try file.bytes(at: size - reach, count: Int(reach))[...]
        let isWhole = tail.last == 10
        if isWhole { tail.removeLast() }
        return (Array(tail.suffix(from: (tail.lastIndex(of: 10).map { $0 + 1 }) ?? tail.startIndex)), isWhole)
    }
}
