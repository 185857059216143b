import CLinux

/// The directory that stands for a host's `/`: the live host's own, a recorded host, or the disk of one that does not
/// run any more.
public struct HostRoot: Sendable, Hashable {
    /// Without a trailing slash; empty for the live host.
    private let prefix: String
    public let extent: Extent
    /// A directory of journal files that are read in place of the host's own; nil for those.
    public let journal: String?
    /// Directories of a disk on which its host would have mounted other file systems, and nobody did here.
    public let unmounted: [String]

    /// How much of a host lies below a root: each extent holds what the ones before it hold.
    public enum Extent: Int, Sendable, Hashable, Comparable {
        /// Nothing but journal files.
        case journal
        /// What is on a disk. What the kernel shows of a running host, below /proc and /sys, and what lies in memory,
        /// below /run, can only be another host's there: a rescue system mounts its own.
        case disk
        /// All of it: the running host itself, or a recording of one.
        case whole

        public static func < (left: Extent, right: Extent) -> Bool { left.rawValue < right.rawValue }
    }

    public static let live = HostRoot("/")

    /// The host itself, or a recording of it that holds /proc too.
    public init(_ path: String) {
        prefix = Self.prefix(path)
        extent = .whole
        journal = nil
        unmounted = []
    }

    /// What is left of a host that does not run: its disk below `disk`, or nothing but the files in `journal`.
    public init(disk: String?, journal: String? = nil, unmounted: [String] = []) {
        // Below a file that is no directory nothing can ever be found.
        prefix = disk.map(Self.prefix) ?? "/dev/null"
        extent = disk == nil ? .journal : .disk
        self.journal = journal
        self.unmounted = unmounted
    }

    private static func prefix(_ path: String) -> String {
        var prefix = Substring(path)
        while prefix.hasSuffix("/") { prefix = prefix.dropLast() }
        return String(prefix)
    }

    public var isLive: Bool { prefix.isEmpty && extent == .whole }

    /// Where an absolute path of that host lies for us.
    public func callAsFunction(_ path: String) -> String { prefix + path }

    /// Whether a path, free of links, lies where this root can only show another host's state.
    public func hides(_ path: String) -> Bool { extent < .whole && Self.transient.contains { path.isBelow($0) } }

    /// The errno by which a look at a path, free of links, is refused although something may lie there for us: ENOENT
    /// where the disk can't hold it, ENODEV where the file system that would is not mounted.
    public func refusal(of path: String) -> Int32? {
        if hides(path) { return ENOENT }
        return unmounted.contains { path.isBelow($0) } ? ENODEV : nil
    }

    private static let transient = ["/proc", "/sys", "/dev", "/run"]

    /// Why there is no live state here, in words.
    public static let notRunning = "what is looked at is a directory, not the running host"
}

extension HostRoot {
    /// The file systems of a disk's fstab(5) that nobody mounted below `disk`: where each belongs is an empty directory.
    public static func unmountedParts(of disk: String) -> [String] {
        let root = HostRoot(disk: disk)
        let table = (try? root.contents(of: "/etc/fstab", limit: 65536)) ?? []
        var parts: [String] = []
        for line in String(decoding: table, as: UTF8.self).split(separator: "\n") where !line.hasPrefix("#") {
            let fields = line.split { $0 == " " || $0 == "\t" }
            // A blank in a path is written as `\040`.
            guard fields.count > 3, fields[1].hasPrefix("/"), fields[1] != "/", !fields[1].contains("\\"),
                !fields[3].split(separator: ",").contains("noauto"), !root.hides(String(fields[1])),
                let place = try? root.place(String(fields[1])),
                (try? DirectoryListing(of: place, limit: 1))?.names.isEmpty == true
            else { continue }
            parts.append(String(fields[1]))
        }
        return parts
    }
}

extension String {
    fileprivate func isBelow(_ directory: String) -> Bool { self == directory || hasPrefix(directory + "/") }
}
