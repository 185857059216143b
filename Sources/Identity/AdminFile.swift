import Linux
import Values

/// A file that belongs to the host's admin and that the agent may replace on one occasion: the whitelist.
public struct AdminFile: ~Copyable {
    private let directory: DirectoryAnchor
    private let name: String

    /// Opens the way to it, which nobody but root and ourselves may be able to change.
    public init(_ path: String) throws(IdentityError) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        self.init(
            named: try AdminFile.name(parts, of: path),
            in: try SafeDirectory.open(parts.dropLast().joined(separator: "/") + "/", making: { _ in 0o750 }))
    }

    private init(named name: String, in directory: consuming DirectoryAnchor) {
        self.name = name
        self.directory = directory
    }

    private static func name(_ parts: [Substring], of path: String) throws(IdentityError) -> String {
        guard path.hasPrefix("/"), let last = parts.last, !last.isEmpty, last != ".", last != ".." else {
            throw .refused(path: path, why: "it is no absolute path of a file", advice: "correct the configuration")
        }
        return String(last)
    }

    /// What lies there; nil where there is nothing. Links and large files are refused.
    public func read() throws(IdentityError) -> [UInt8]? {
        try PrivateFile.read(name, in: directory, limit: IdentityBundle.limit, ownedByAnybody: true)
    }

    /// Puts `content` in its place, whole or not at all, with the mode, owner and group it had, or 0640 where it is new.
    public func replace(with content: [UInt8]) throws(IdentityError) {
        let old = try SafeDirectory.find(name, in: directory)
        let temporary = "\(TemporaryName())"
        do throws(SystemError) {
            let made = try directory.createFile(temporary)
            // The owner first: giving a file away may take permissions off it.
            if let old { try made.setOwner(old.owner, group: old.group) }
            try made.setPermissions(old?.permissions ?? 0o640)
            try made.writeAll(content)
            try made.synchronize()
            try directory.replace(name, with: temporary)
            try directory.synchronize()
        } catch {
            try? directory.removeFile(temporary)
            throw .storage(error)
        }
    }
}
