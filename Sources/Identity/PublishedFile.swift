import Linux
import Values

/// One of the files that the configuration names, while another takes its place.
final class PublishedFile {
    let file: GenerationFile
    let path: String
    /// What lies there now; nil where there is nothing.
    let content: [UInt8]?
    private let status: FileStatus?
    private let directory: DirectoryAnchor
    private let name: String
    private var temporary: String?

    /// Looks without touching anything but the directories on the way, which are made where they are missing. Refused
    /// are links, what is no regular file, and directories that others can change.
    init(_ file: GenerationFile, at path: String, making mode: (String) -> UInt32?) throws(IdentityError) {
        self.file = file
        self.path = path
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard path.hasPrefix("/"), let last = parts.last, !last.isEmpty, last != ".", last != ".." else {
            throw .refused(path: path, why: "it is no absolute path of a file", advice: "correct the configuration")
        }
        name = String(last)
        directory = try SafeDirectory.open(parts.dropLast().joined(separator: "/") + "/", making: mode)
        TemporaryName.clean(directory)
        status = try SafeDirectory.find(name, in: directory)
        content = try PrivateFile.read(name, in: directory, limit: IdentityBundle.limit, ownedByAnybody: true)
    }

    /// Where its directory lies, all links resolved.
    var place: String { directory.path }

    var room: FileSystemRoom {
        get throws(IdentityError) {
            do throws(SystemError) { return try directory.room } catch { throw .storage(error) }
        }
    }

    /// Whether these bytes lie there already, as they should.
    func isAlready(_ bytes: [UInt8], ownedBy owner: UInt32) -> Bool {
        content == bytes && status?.owner == owner && status?.permissions == file.mode
    }

    /// Writes and syncs what is to come under a temporary name beside it.
    func prepare(_ bytes: [UInt8], ownedBy owner: UInt32) throws(IdentityError) {
        let temporary = "\(TemporaryName())"
        do throws(SystemError) {
            let made = try directory.createFile(temporary)
            self.temporary = temporary
            if owner != Caller.effectiveUser { try made.setOwner(owner) }
            try made.setPermissions(file.mode)
            try made.writeAll(bytes)
            try made.synchronize()
        } catch {
            throw .storage(error)
        }
    }

    /// Takes away all permissions but these from what lies there; a word for the log where there were others.
    func close(to mode: UInt32) throws(IdentityError) -> String? {
        guard let status, status.permissions & ~mode != 0 else { return nil }
        do throws(SystemError) {
            let opened = try directory.openFile(name)
            guard try opened.status.identity == status.identity else { return nil }
            try opened.setPermissions(status.permissions & mode)
        } catch {
            throw .storage(error)
        }
        return "'\(path)' was open to others (mode \(String(status.permissions, radix: 8))) and is closed now: "
            + "whoever could read it may have \(file.words)"
    }

    /// Keeps what lies there in a file beside it, for its owner's eyes only, and says so.
    func keepOld() throws(IdentityError) -> String? {
        guard let content else { return nil }
        let aside = name + ".replaced"
        try PrivateFile.write(content, as: aside, in: directory)
        return "\(file.words) that lay in '\(path)' is kept as '\(directory.pathOf(aside))'"
    }

    /// Puts what was prepared in its place.
    func replace() throws(IdentityError) {
        guard let temporary else { return }
        do throws(SystemError) { try directory.replace(name, with: temporary) } catch { throw .storage(error) }
        self.temporary = nil
    }

    func remove() throws(IdentityError) {
        do throws(SystemError) { try directory.removeFile(name) } catch {
            guard error.code == SystemError.notThere else { throw .storage(error) }
        }
    }

    /// The name is on the disk.
    func synchronize() throws(IdentityError) {
        do throws(SystemError) { try directory.synchronize() } catch { throw .storage(error) }
    }

    func prove(room: Bytes) throws(IdentityError) { try WritingProof.run(in: directory, room: room) }

    /// Takes away what was prepared and not put in place.
    deinit {
        if let temporary { try? directory.removeFile(temporary) }
    }
}
