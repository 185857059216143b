import CLinux

/// Tells when something changes in a set of directories (inotify(7)): a descriptor that becomes readable.
public struct FileWatch: ~Copyable, Sendable {
    private let descriptor: Descriptor

    /// Those that can't be watched, because they are not there yet or not ours to see: as much of the way to them as is
    /// there is watched instead, so that their coming is news.
    public let unwatched: [String]

    public init(of directories: [String]) throws(SystemError) {
        let raw = cl_watch_new()
        guard raw >= 0 else { throw SystemError("watch", "files") }
        descriptor = Descriptor(owning: raw, path: "inotify")
        unwatched = directories.filter { directory in
            guard unsafe cl_watch_directory(raw, directory) < 0 else { return false }
            var place = directory[...]
            while let slash = place.lastIndex(of: "/") {
                place = place[..<slash]
                if unsafe cl_watch_directory(raw, place.isEmpty ? "/" : String(place)) >= 0 { break }
            }
            // It may have come in between.
            return unsafe cl_watch_directory(raw, directory) < 0
        }
    }

    /// A duplicate for an event loop that closes it by itself.
    public func handedOver() throws(SystemError) -> Int32 {
        let raw = cl_duplicate(descriptor.raw)
        guard raw >= 0 else { throw SystemError("duplicate", "inotify") }
        return raw
    }
}
