import CSystemd
public import Linux

/// Which journal files there are, and which of them this user may not read: sd_journal_open(3) leaves those out
/// without a word.
public struct JournalFiles: Hashable, Sendable {
    public private(set) var readable: [String] = []
    public private(set) var refused: [String] = []
    /// Directories that exist and could not be listed.
    public private(set) var closedDirectories: [String] = []

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

    /// Where journald keeps the journal of the machine below `root` (systemd-journald.service(8), "Files").
    public static func systemDirectories(below root: HostRoot) -> [String] {
        [root("/var/log/journal"), root("/run/log/journal")]
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
        while let entry = unsafe csd_next_name(stream, &isDirectory), readable.count + refused.count < 10_000 {
            let name = unsafe String(cString: entry)
            let path = directory + "/" + name
            if isDirectory != 0 {
                if name.utf8.count == 32 { machines.append(path) }
            } else if name.hasSuffix(".journal") || name.hasSuffix(".journal~"),
                !systemOnly || name.hasPrefix("system")
            {
                if unsafe access(path, R_OK) == 0 { readable.append(path) } else { refused.append(path) }
            }
        }
        if descend { for path in machines { look(in: path, systemOnly: systemOnly, descend: false) } }
    }
}
