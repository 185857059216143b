import Linux
import Synchronization
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
            guard let listing = try? DirectoryListing(of: directory) else { continue }
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

/// Something that is dear to find out, kept for as long as the files that it depends on stay the same.
final class StampedValue<Value: Sendable>: Sendable {
    private let kept = Mutex<(stamp: FilesStamp, value: Value)?>(nil)

    /// What was found out in this state, or what `find` finds now. A look counts only where nothing moved under it.
    func value(
        stamp: () throws(PackageFault) -> FilesStamp, find: () throws(PackageFault) -> Value
    ) throws(PackageFault) -> Value {
        for _ in 0..<5 {
            let before = try stamp()
            if let kept = kept.withLock({ $0 }), kept.stamp == before { return kept.value }
            let value: Value
            do throws(PackageFault) {
                value = try find()
            } catch {
                if try stamp() != before { continue }
                throw error
            }
            guard try stamp() == before else { continue }
            let isSettled = before.isSettled(at: Clock.wall)
            kept.withLock { $0 = isSettled ? (before, value) : nil }
            return value
        }
        throw .busy
    }
}
