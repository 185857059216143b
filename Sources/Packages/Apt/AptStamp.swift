import Linux
import Values

/// What tells one state of all that apt's answers depend on from the next: dpkg's database, the lists of the repositories,
/// which packages came by themselves, and apt's configuration. Taking one costs some stat(2) calls.
struct AptStamp: Hashable, Sendable {
    private var marks: [Mark] = []
    private var newest = WallTime(seconds: 0)

    private struct Mark: Hashable, Sendable {
        var path: String
        /// nil where it is not there.
        var identity: FileIdentity?
        var size: UInt64 = 0
        var modified = WallTime(seconds: 0)
    }

    /// What is edited in place leaves the time of its directory as it was, so each file counts.
    private static let directories = [
        "/var/lib/apt/lists", "/etc/apt/sources.list.d", "/etc/apt/preferences.d", "/etc/apt/apt.conf.d",
    ]
    private static let files = [
        "/var/lib/dpkg/status", "/var/lib/dpkg/updates", "/var/lib/apt/extended_states", "/etc/apt/sources.list",
        "/etc/apt/preferences", "/etc/apt/apt.conf",
    ]

    init(of host: AptHost) {
        for path in Self.files { add(host.path(path)) }
        for directory in Self.directories {
            let place = host.path(directory)
            add(place)
            for name in (try? DirectoryListing(of: place, limit: 16384))?.names ?? [] { add(place + "/" + name) }
        }
    }

    private mutating func add(_ path: String) {
        var mark = Mark(path: path)
        if let status = try? FileStatus(of: path) {
            mark.identity = status.identity
            mark.size = status.size
            mark.modified = status.modified
            newest = max(newest, status.modified)
        }
        marks.append(mark)
    }

    /// A change within the clock tick of the last one would not show.
    func isSettled(at now: WallTime) -> Bool { now - newest >= .seconds(1) || now < newest }
}
