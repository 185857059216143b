import Linux
import Values

/// Small files of our own, mode 0600: read whole or not at all, written so that the old or the new content is there.
enum PrivateFile {
    /// nil where it is missing. What is no regular file, or another user's, or longer than `limit`, is refused.
    static func read(
        _ name: String, in directory: borrowing DirectoryAnchor, limit: Bytes, ownedByAnybody: Bool = false
    ) throws(IdentityError) -> [UInt8]? {
        let path = directory.pathOf(name)
        guard let status = try SafeDirectory.find(name, in: directory) else { return nil }
        guard !status.isSymbolicLink else { throw SafeDirectory.refusal(ofLink: path) }
        guard status.isRegular else {
            throw .refused(path: path, why: "it is no regular file", advice: "move it away")
        }
        guard ownedByAnybody || SafeDirectory.isTrusted(status.owner) else {
            throw SafeDirectory.refusal(ofOwner: status.owner, path)
        }
        let content: (bytes: [UInt8], truncated: Bool)
        do throws(SystemError) {
            content = try directory.contents(of: name, limit: Int(clamping: limit.count))
        } catch {
            if error.code == SystemError.notThere { return nil }
            throw .storage(error)
        }
        guard !content.truncated else {
            throw .refused(path: path, why: "it is longer than \(limit.readable)", advice: "move it away")
        }
        return content.bytes
    }

    /// Content first, then the name, then the directory: each is on the disk before the next is begun.
    static func write(
        _ bytes: [UInt8], as name: String, in directory: borrowing DirectoryAnchor
    ) throws(IdentityError) {
        let temporary = "\(TemporaryName())"
        do throws(SystemError) {
            let file = try directory.createFile(temporary)
            do throws(SystemError) {
                try file.writeAll(bytes)
                try file.synchronize()
                try directory.replace(name, with: temporary)
            } catch {
                // The reason matters more than a leftover, which the next opening takes away.
                try? directory.removeFile(temporary)
                throw error
            }
            try directory.synchronize()
        } catch {
            throw .storage(error)
        }
    }

    static func remove(_ name: String, in directory: borrowing DirectoryAnchor) throws(IdentityError) {
        do throws(SystemError) {
            try directory.removeFile(name)
            try directory.synchronize()
        } catch {
            guard error.code == SystemError.notThere else { throw .storage(error) }
        }
    }
}
