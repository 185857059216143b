package import Linux
import Values

/// Directories that nobody but root and ourselves can change, and the way to them.
package enum SafeDirectory {
    private static let linkLimit = 40

    /// Opens a directory by its absolute path. Each directory on the way must belong to root or to us, and be writable
    /// by nobody else (or carry the sticky bit, as /tmp does); links on the way are followed if root or we made them,
    /// and the directory itself may not be one, nor be sticky, unless it is but the way to one of our own (`isOnWay`).
    /// What is missing is made where `mode` names permissions for it.
    package static func open(
        _ path: String, isOnWay: Bool = false, making mode: (String) -> UInt32?
    ) throws(IdentityError) -> DirectoryAnchor {
        guard path.hasPrefix("/") else {
            throw .refused(path: path, why: "it is not an absolute path", advice: "begin it with a slash")
        }
        var rest = Array(path.split(separator: "/").map(String.init).reversed())
        var current = try top()
        var links = 0
        while let name = rest.popLast() {
            let status = try find(name, in: current)
            if let status, status.isSymbolicLink {
                links += 1
                let link = current.pathOf(name)
                guard !rest.isEmpty || isOnWay, links <= linkLimit, isTrusted(status.owner) else {
                    throw refusal(ofLink: link)
                }
                let target = try self.target(of: link)
                if target.hasPrefix("/") { current = try top() }
                rest += target.split(separator: "/").map(String.init).reversed()
                continue
            }
            current = try step(to: name, isThere: status != nil, in: current, making: mode)
            try check(current, mayBeSticky: !rest.isEmpty || isOnWay)
        }
        return current
    }

    /// Opens the directory of our own at `path`, made with mode 0700 where it was not there.
    static func own(at path: String, notes: inout [String]) throws(IdentityError) -> DirectoryAnchor {
        let parts = path.split(separator: "/").map(String.init)
        guard path.hasPrefix("/"), let name = parts.last else {
            throw .refused(path: path, why: "it is no absolute path of a directory of our own", advice: "name another")
        }
        let parent = try open("/" + parts.dropLast().joined(separator: "/"), isOnWay: true) { _ in 0o755 }
        return try own(name, in: parent, notes: &notes)
    }

    /// Opens a directory of our own, mode 0700; one that others could look into is closed to them, and that is told.
    static func own(
        _ name: String, in parent: borrowing DirectoryAnchor, notes: inout [String]
    ) throws(IdentityError) -> DirectoryAnchor {
        let path = parent.pathOf(name)
        let found = try find(name, in: parent)
        guard let found else { return try make(name, in: parent, mode: 0o700) }
        guard !found.isSymbolicLink else { throw refusal(ofLink: path) }
        guard isTrusted(found.owner) else { throw refusal(ofOwner: found.owner, path) }
        do throws(SystemError) {
            let directory = try parent.openDirectory(name)
            let permissions = try directory.status.permissions
            if permissions & 0o077 != 0 {
                try directory.setPermissions(0o700)
                notes.append("'\(path)' was open to others (mode \(String(permissions, radix: 8))) and is closed now")
            }
            return directory
        } catch {
            throw .storage(error)
        }
    }

    /// lstat(2) of a name; nil where there is nothing.
    package static func find(_ name: String, in directory: borrowing DirectoryAnchor) throws(IdentityError)
        -> FileStatus?
    {
        do throws(SystemError) {
            return try directory.status(of: name)
        } catch {
            guard error.code == SystemError.notThere else { throw .storage(error) }
            return nil
        }
    }

    private static func top() throws(IdentityError) -> DirectoryAnchor {
        do throws(SystemError) { return try DirectoryAnchor(opening: "/") } catch { throw .storage(error) }
    }

    private static func target(of link: String) throws(IdentityError) -> String {
        do throws(SystemError) { return try symbolicLinkTarget(of: link) } catch { throw .storage(error) }
    }

    private static func step(
        to name: String, isThere: Bool, in parent: borrowing DirectoryAnchor, making mode: (String) -> UInt32?
    ) throws(IdentityError) -> DirectoryAnchor {
        if isThere {
            do throws(SystemError) { return try parent.openDirectory(name) } catch { throw .storage(error) }
        }
        let path = parent.pathOf(name)
        guard let permissions = mode(path) else {
            throw .storage(SystemError("open", path, code: SystemError.notThere))
        }
        return try make(name, in: parent, mode: permissions)
    }

    private static func make(
        _ name: String, in parent: borrowing DirectoryAnchor, mode: UInt32
    ) throws(IdentityError) -> DirectoryAnchor {
        do throws(SystemError) {
            let made = try parent.makeDirectory(name)
            try made.setPermissions(mode)
            try parent.synchronize()
            return made
        } catch {
            guard error.isExisting else { throw .storage(error) }
            // Somebody was faster: ours, or to be refused by whoever looks at it.
            do throws(SystemError) { return try parent.openDirectory(name) } catch { throw .storage(error) }
        }
    }

    private static func check(_ directory: borrowing DirectoryAnchor, mayBeSticky: Bool) throws(IdentityError) {
        let status: FileStatus
        do throws(SystemError) { status = try directory.status } catch { throw .storage(error) }
        guard isTrusted(status.owner) else { throw refusal(ofOwner: status.owner, directory.path) }
        let isSticky = status.permissions & 0o1000 != 0
        guard status.permissions & 0o022 == 0 || (isSticky && mayBeSticky) else {
            throw .refused(
                path: directory.path,
                why: "others than its owner may write to it (mode \(String(status.permissions, radix: 8)))",
                advice: "chmod go-w '\(directory.path)'")
        }
    }

    package static func isTrusted(_ owner: UInt32) -> Bool { owner == 0 || owner == Caller.effectiveUser }

    package static func refusal(ofLink path: String) -> IdentityError {
        .refused(
            path: path, why: "it is a symbolic link",
            advice: "put a real file or directory there, or name the link's target in the configuration")
    }

    package static func refusal(ofOwner owner: UInt32, _ path: String) -> IdentityError {
        .refused(path: path, why: "it belongs to user \(owner), not to root", advice: "chown root: '\(path)'")
    }
}
