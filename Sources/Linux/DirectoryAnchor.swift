import CLinux
import Values

/// A directory held open: what is done beneath it goes by names relative to it and follows no link, so that nobody
/// who renames or links in the meantime can lead it elsewhere.
public struct DirectoryAnchor: ~Copyable, Sendable {
    let descriptor: Descriptor

    /// For messages.
    public var path: String { descriptor.path }

    /// Opens a directory by a path that its user chose; links on the way are followed.
    public init(opening path: String) throws(SystemError) {
        let raw = unsafe cl_open(path, O_RDONLY | O_DIRECTORY)
        guard raw >= 0 else { throw SystemError("open", path) }
        descriptor = Descriptor(owning: raw, path: path)
    }

    private init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }

    /// Opens it; what is missing of its path is made, mode 0700, and is on the disk.
    public init(making path: String) throws(SystemError) { self = try Self.make(path, depth: 0) }

    private static func make(_ path: String, depth: Int) throws(SystemError) -> DirectoryAnchor {
        do throws(SystemError) { return try DirectoryAnchor(opening: path) } catch {
            let parts = path.split(separator: "/").map(String.init)
            guard error.isNotFound, depth < 64, let name = parts.last else { throw error }
            let above = (path.hasPrefix("/") ? "/" : "") + parts.dropLast().joined(separator: "/")
            let parent = try make(above.isEmpty ? "." : above, depth: depth + 1)
            if try !parent.contains(name) {
                _ = try parent.makeDirectory(name)
                try parent.synchronize()
            }
            return try DirectoryAnchor(opening: path)
        }
    }

    /// Opens a directory in it; a link is refused (ELOOP or ENOTDIR).
    public func openDirectory(_ name: String) throws(SystemError) -> DirectoryAnchor {
        DirectoryAnchor(try open(name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, as: "open"))
    }

    /// Makes a directory that was not there, mode 0700, and opens it.
    public func makeDirectory(_ name: String) throws(SystemError) -> DirectoryAnchor {
        guard unsafe mkdirat(descriptor.raw, name, 0o700) == 0 else { throw failure("make directory", name) }
        return try openDirectory(name)
    }

    /// Opens a file that was not there for writing, mode 0600.
    public func createFile(_ name: String) throws(SystemError) -> Descriptor {
        try open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, as: "create")
    }

    /// Opens a file for reading; never waits on a FIFO and follows no link.
    public func openFile(_ name: String) throws(SystemError) -> Descriptor {
        try open(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, as: "open")
    }

    /// Opens a file that exists for reading and for writing at its end.
    public func openForAppending(_ name: String) throws(SystemError) -> Descriptor {
        try open(name, O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, as: "open")
    }

    /// lstat(2) of a name in it.
    public func status(of name: String) throws(SystemError) -> FileStatus {
        var status = stat()
        guard unsafe cl_status_at(descriptor.raw, name, &status) == 0 else { throw failure("stat", name) }
        return FileStatus(status)
    }

    public func contains(_ name: String) throws(SystemError) -> Bool {
        do throws(SystemError) {
            _ = try status(of: name)
            return true
        } catch  where error.isNotFound {
            return false
        }
    }

    /// Renames within it, and never onto something that exists (EEXIST).
    public func rename(_ name: String, to target: String) throws(SystemError) {
        if unsafe cl_rename_new(descriptor.raw, name, descriptor.raw, target) == 0 { return }
        let code = currentErrno()
        guard code == EINVAL || code == ENOSYS else { throw SystemError("rename to", pathOf(target), code: code) }
        // A file system without RENAME_NOREPLACE: look first, which leaves a gap that only our own kind could use.
        guard try !contains(target) else { throw SystemError("rename to", pathOf(target), code: EEXIST) }
        guard unsafe renameat(descriptor.raw, name, descriptor.raw, target) == 0 else {
            throw failure("rename to", target)
        }
    }

    /// Renames into another directory of the same file system, and never onto something that exists (EEXIST).
    public func move(_ name: String, to target: String, in other: borrowing DirectoryAnchor) throws(SystemError) {
        if unsafe cl_rename_new(descriptor.raw, name, other.descriptor.raw, target) == 0 { return }
        throw failure("move", name)
    }

    public func removeFile(_ name: String) throws(SystemError) {
        guard unsafe unlinkat(descriptor.raw, name, 0) == 0 else { throw failure("remove", name) }
    }

    /// Removes an empty directory (ENOTEMPTY otherwise).
    public func removeDirectory(_ name: String) throws(SystemError) {
        guard unsafe cl_remove_directory_at(descriptor.raw, name) == 0 else { throw failure("remove", name) }
    }

    /// Removes a directory with everything beneath it; follows no link.
    public func removeTree(_ name: String) throws(SystemError) {
        try openDirectory(name).removeContents()
        guard unsafe cl_remove_directory_at(descriptor.raw, name) == 0 else { throw failure("remove", name) }
    }

    private func removeContents() throws(SystemError) {
        for name in try list(limit: .max).names {
            if try status(of: name).isDirectory { try removeTree(name) } else { try removeFile(name) }
        }
    }

    /// fsync(2): its names are on the disk.
    public func synchronize() throws(SystemError) { try descriptor.synchronize() }

    /// Whether this is the directory that `name` in `parent` leads to now.
    public func isStill(_ name: String, in parent: borrowing DirectoryAnchor) -> Bool {
        guard let own = try? descriptor.status, let named = try? parent.status(of: name) else { return false }
        return own.identity == named.identity
    }

    /// Locks it against others of our kind until it is closed; false where somebody holds it.
    public func tryLock() throws(SystemError) -> Bool { try descriptor.lock(wait: false) }

    public var status: FileStatus { get throws(SystemError) { try descriptor.status } }

    /// fstatvfs(3) of its file system.
    public var room: FileSystemRoom { get throws(SystemError) { try FileSystemRoom(of: descriptor) } }

    /// The names in it, sorted, without `.` and `..`; at most `limit` of them.
    public func list(limit: Int) throws(SystemError) -> Listing {
        // A descriptor of its own: fdopendir(3) takes it over, and reading moves its position.
        let copy = unsafe cl_openat(descriptor.raw, ".", O_RDONLY | O_DIRECTORY, 0)
        guard copy >= 0 else { throw SystemError("list", path) }
        guard let stream = unsafe fdopendir(copy) else {
            let code = currentErrno()
            _ = close(copy)
            throw SystemError("list", path, code: code)
        }
        defer { unsafe closedir(stream) }
        var listing = Listing()
        while let entry = unsafe readdir(stream) {
            guard let raw = unsafe cl_entry_name(entry) else { continue }
            guard let name = unsafe String(validatingCString: raw) else {
                listing.unreadable.append(unsafe String(cString: raw))
                continue
            }
            guard name != ".", name != ".." else { continue }
            guard listing.names.count < limit else {
                listing.isComplete = false
                break
            }
            listing.names.append(name)
        }
        listing.names.sort()
        return listing
    }

    public struct Listing: Sendable, Hashable {
        public var names: [String] = []
        /// Names that are not UTF-8, repaired for showing: nothing can be opened by them.
        public var unreadable: [String] = []
        public var isComplete = true
    }

    func open(_ name: String, _ flags: Int32, as action: String) throws(SystemError) -> Descriptor {
        let raw = unsafe cl_openat(descriptor.raw, name, flags, 0o600)
        guard raw >= 0 else { throw failure(action, name) }
        return Descriptor(owning: raw, path: pathOf(name))
    }

    func failure(_ action: String, _ name: String) -> SystemError {
        SystemError(action, pathOf(name))
    }

    /// For messages: where a name in it lies.
    public func pathOf(_ name: String) -> String { path == "/" ? "/" + name : path + "/" + name }
}
