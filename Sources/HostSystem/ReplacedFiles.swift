import Linux
import Values

/// Processes that still run code of files which are gone from the disk: an update replaced or removed them
/// (proc_pid_maps(5): `(deleted)`).
struct ReplacedFiles {
    struct User: Hashable {
        var pid: Int32
        /// comm of proc_pid_stat(5).
        var name: String
        var unit: String?
        var files: Set<String>
    }

    /// By pid.
    private(set) var users: [User] = []
    /// Every process was looked at; those of other users are not readable without root.
    private(set) var isComplete = true

    private static let fileLimit = 64

    /// Takes some 30 µs a process; what is not done within `patience` is left out.
    init(at root: HostRoot, patience: Interval = Interval(microseconds: 200_000)) {
        let deadline = Clock.monotonic + UInt64(max(0, patience.microseconds))
        var pids: [Int32] = []
        do {
            let table = try Descriptor(directory: root("/proc"))
            try DirectoryEntries().forEachNumber(in: table) { pid in
                pids.append(pid)
                return true
            }
        } catch {
            isComplete = false
        }
        var place: Place?
        for pid in pids.sorted() {
            guard Clock.monotonic < deadline else {
                isComplete = false
                return
            }
            guard let process = try? ProcessDirectory(pid, at: root) else { continue }
            do throws(SystemError) {
                let files = try Self.replaced(in: process)
                guard !files.isEmpty else { continue }
                let own = place ?? Place(at: root)
                place = own
                if let user = own.user(process, files) { users.append(user) }
            } catch {
                if !error.isGone { isComplete = false }
            }
        }
    }

    init(_ users: [User]) { self.users = users }

    private static func replaced(in process: borrowing ProcessDirectory) throws(SystemError) -> Set<String> {
        var reader = try process.lines("maps")
        var files: Set<String> = []
        try reader.forEachLine { line in
            if let path = replaced(in: line), files.count < fileLimit { files.insert(path) }
            return true
        }
        return files
    }

    /// The path in a line of maps, if it maps code of a file of the system that has no name any more:
    /// `7f60c0e28000-7f60c0f7d000 r-xp 00028000 fe:00 1837 /usr/lib/x86_64-linux-gnu/libc.so.6 (deleted)`.
    ///
    /// Only what may be executed: data such as the archive of locales is replaced without harm. What lies in /tmp, in
    /// memory (`/memfd:`, `/SYSV`, `/dev/zero`) or is a program's own is nothing that an update replaced.
    static func replaced(in line: Span<UInt8>) -> String? {
        let mark = " (deleted)"
        let end = line.count - mark.utf8.count
        guard end > 0, line[line.count - 1] == UInt8(ascii: ")"), line.extracting(end...).equals(" (deleted)"),
            let space = line.position(of: 32), space + 4 < end, line[space + 3] == UInt8(ascii: "x"),
            let start = line.position(of: UInt8(ascii: "/")), start < end
        else { return nil }
        let path = line.extracting(start..<end).text
        return ["/usr/", "/lib", "/bin/", "/sbin/"].contains(where: path.hasPrefix) ? path : nil
    }

    /// Where a process belongs: what is looked up only when there is one to tell of.
    private struct Place {
        let root: HostRoot
        let namespace: UInt64?
        let managerRoot: String

        init(at root: HostRoot) {
            self.root = root
            namespace = try? ProcessDirectory.ownNamespace("pid", at: root)
            let first = try? ProcessDirectory(1, at: root).contents("cgroup").bytes
            managerRoot = first.flatMap { ControlGroup(parsing: $0) }?.managerRoot ?? ""
        }

        /// nil for a process of a container, whose files are not this host's.
        func user(_ process: borrowing ProcessDirectory, _ files: Set<String>) -> User? {
            let other = try? process.namespace("pid")
            if let namespace, let other, other != namespace { return nil }
            let group = (try? process.contents("cgroup"))?.bytes
            let name = (try? process.stat())?.name ?? ""
            return User(
                pid: process.pid, name: name.harmless(limit: 32),
                unit: group.flatMap { ControlGroup(parsing: $0) }?.unit(below: managerRoot)?.harmless(limit: 128),
                files: files)
        }
    }
}
