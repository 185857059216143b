import Linux
import Values

/// What tells one state of some files and directories from the next.
struct FilesStamp: Hashable, Sendable {
    private var marks: [Mark?] = []

    private struct Mark: Hashable {
        let identity: FileIdentity
        let size: UInt64
        let modified: WallTime
    }

    /// What is not there is a state too; what can't be looked at is an error.
    init(of paths: [String]) throws(PackageFault) {
        for path in paths {
            do throws(SystemError) {
                let status = try FileStatus(of: path)
                marks.append(Mark(identity: status.identity, size: status.size, modified: status.modified))
            } catch {
                guard error.isNotFound else { throw .unreadable(error) }
                marks.append(nil)
            }
        }
    }

    /// The files in these directories, too.
    init(of paths: [String], andIn directories: [String]) throws(PackageFault) {
        var all = paths
        for directory in directories {
            all.append(directory)
            guard let listing = try? DirectoryListing(of: directory, limit: 16384) else { continue }
            all += listing.names.map { directory + "/" + $0 }
        }
        try self.init(of: all)
    }

    func joined(with other: FilesStamp) -> FilesStamp {
        var both = self
        both.marks += other.marks
        return both
    }

    var newest: WallTime? { marks.compactMap { $0?.modified }.max() }

    /// A change within the clock tick of the last one would not show: so fresh a state is not relied on.
    func isSettled(at now: WallTime) -> Bool { newest.map { now - $0 >= .seconds(1) } ?? true }
}
