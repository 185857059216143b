import CLinux

/// Putting files in their place: replacing, owning, permitting.
extension DirectoryAnchor {
    /// Opens a file for reading and writing, made with mode 0600 where it was not there; a link is refused (ELOOP).
    public func openOrCreateFile(_ name: String) throws(SystemError) -> Descriptor {
        try open(name, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, as: "open")
    }

    /// Renames within it, in one step to the place of a file that may exist (rename(2)).
    public func replace(_ target: String, with name: String) throws(SystemError) {
        guard unsafe renameat(descriptor.raw, name, descriptor.raw, target) == 0 else {
            throw failure("replace", target)
        }
    }

    /// fchown(2) of the directory itself.
    public func setOwner(_ user: UInt32, group: UInt32) throws(SystemError) {
        try descriptor.setOwner(user, group: group)
    }

    /// fchmod(2) of the directory itself.
    public func setPermissions(_ mode: UInt32) throws(SystemError) { try descriptor.setPermissions(mode) }

    /// The content of a regular file in it, and whether it is longer than `limit` bytes. A link fails with ELOOP, what
    /// is no regular file with EINVAL.
    public func contents(of name: String, limit: Int) throws(SystemError) -> (bytes: [UInt8], truncated: Bool) {
        let file = try openFile(name)
        guard try file.status.isRegular else { throw SystemError("read", file.path, code: EINVAL) }
        return try file.contents(limit: limit)
    }
}

extension Descriptor {
    /// fchmod(2).
    public func setPermissions(_ mode: UInt32) throws(SystemError) {
        guard fchmod(raw, mode) == 0 else { throw SystemError("change the mode of", path) }
    }

    /// fchown(2); without one the group stays.
    public func setOwner(_ user: UInt32, group: UInt32 = .max) throws(SystemError) {
        guard fchown(raw, user, group) == 0 else { throw SystemError("change the owner of", path) }
    }
}
