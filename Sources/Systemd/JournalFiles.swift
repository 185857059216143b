import CSystemd
public import Linux

/// Which journal files there are, and which of them this user may not read: sd_journal_open(3) leaves those out
/// without a word.
public struct JournalFiles: Hashable, Sendable {
    public private(set) var readable: [String] = []
    public private(set) var refused: [String] = []
    /// Directories that exist and could not be listed.
    public private(set) var closedDirectories: [String] = []
    /// Files that are no whole journal, and links that lead out of the directory that was to be read.
    public private(set) var damaged: [String] = []
    public private(set) var outside: [String] = []

    public init(readable: [String], refused: [String], closedDirectories: [String] = []) {
        self.readable = readable
        self.refused = refused
        self.closedDirectories = closedDirectories
    }

    /// Looks into each directory and, one level down, into those named by a machine id.
    ///
    /// `systemOnly` leaves users' own journals out, as `Journal.Place.system` does.
    public init(in directories: [String], systemOnly: Bool) {
        for directory in directories { look(in: directory, systemOnly: systemOnly, descend: true) }
    }

    /// Where journald keeps a machine's journal (systemd-journald.service(8), "Files").
    public static let systemDirectories = ["/var/log/journal", "/run/log/journal"]

    private static let mostFiles = 10_000

    /// The system journal of a host that is not this one, with every link followed inside `root`.
    ///
    /// Where `machine` (machine-id(5)) has a directory of its own, no other machine's files are taken; from below /run,
    /// where a rescue system may have mounted its own, they never are.
    public init(below root: HostRoot, machine: String?) {
        var own: [String] = []
        var others: [String] = []
        for directory in Self.systemDirectories {
            guard let place = try? root.resolving(directory) else { continue }
            let listing: DirectoryListing
            do throws(SystemError) {
                listing = try DirectoryListing(of: root(place))
            } catch {
                if error.isNotPermitted { closedDirectories.append(root(place)) }
                continue
            }
            for name in listing.names where name.utf8.count == 32 {
                if name == machine {
                    own.append(place + "/" + name)
                } else if machine == nil || directory.hasPrefix("/var") {
                    others.append(place + "/" + name)
                }
            }
            if directory.hasPrefix("/var") { others.append(place) }
        }
        for directory in own.isEmpty ? others : own { look(in: directory, below: root) }
    }

    /// All journals, users' own too, in a directory that somebody named, or in those of machines in it. It may be of a
    /// disk that nobody trusts: no link leads out of it.
    public init(within directory: String) {
        let root = HostRoot(disk: directory)
        do throws(SystemError) {
            let names = try DirectoryListing(of: directory, limit: Self.mostFiles).names
            look(in: "/", below: root, systemOnly: false)
            for name in names where name.utf8.count == 32 { look(in: "/" + name, below: root, systemOnly: false) }
        } catch {
            if error.isNotPermitted { closedDirectories.append(directory) }
        }
    }

    private mutating func look(in directory: String, below root: HostRoot, systemOnly: Bool = true) {
        do throws(SystemError) {
            let place = try root.resolving(directory)
            for name in try DirectoryListing(of: root(place), limit: Self.mostFiles).names
            where Self.isJournal(name, systemOnly: systemOnly) {
                guard let file = try? root.resolving(place + "/" + name) else {
                    outside.append(root(place + "/" + name))
                    continue
                }
                if unsafe access(root(file), R_OK) == 0 {
                    readable.append(root(file))
                } else {
                    refused.append(root(file))
                }
            }
        } catch {
            if error.isNotPermitted { closedDirectories.append(root(directory)) }
        }
    }

    private static func isJournal(_ name: String, systemOnly: Bool) -> Bool {
        (name.hasSuffix(".journal") || name.hasSuffix(".journal~")) && (!systemOnly || name.hasPrefix("system"))
    }

    /// Takes out the files that can't be opened as a journal: sd_journal_open_files(3) would fail because of one.
    public mutating func removeDamaged() {
        damaged = readable.filter { path in
            do throws(JournalError) {
                _ = try Journal(.files([path], of: path))
                return false
            } catch {
                return true
            }
        }
        readable.removeAll(where: damaged.contains)
    }

    public var isEmpty: Bool { readable.isEmpty && refused.isEmpty && closedDirectories.isEmpty }

    private mutating func look(in directory: String, systemOnly: Bool, descend: Bool) {
        guard let stream = unsafe opendir(directory) else {
            if SystemError("list", directory).isNotPermitted { closedDirectories.append(directory) }
            return
        }
        defer { _ = unsafe closedir(stream) }
        var machines: [String] = []
        var isDirectory: Int32 = 0
        while let entry = unsafe csd_next_name(stream, &isDirectory), readable.count + refused.count < Self.mostFiles {
            let name = unsafe String(cString: entry)
            let path = directory + "/" + name
            if isDirectory != 0 {
                if name.utf8.count == 32 { machines.append(path) }
            } else if Self.isJournal(name, systemOnly: systemOnly) {
                if unsafe access(path, R_OK) == 0 { readable.append(path) } else { refused.append(path) }
            }
        }
        if descend { for path in machines { look(in: path, systemOnly: systemOnly, descend: false) } }
    }
}
