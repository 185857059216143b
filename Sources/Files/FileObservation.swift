public import Evidence
public import Linux
public import Values

/// A file of the host as the walk to it found it: the fact, and what of it can be read.
public struct FileObservation: Sendable {
    public let walk: PathWalk
    public let time: WallTime

    public init(_ path: String, below root: HostRoot) {
        walk = PathWalk(path, below: root)
        time = Clock.wall
    }

    /// The fact; `exists` is false for a file that is not there and for a link to nowhere.
    public var fact: FileFact {
        guard let status = walk.status else {
            var fact = FileFact(path: walk.path, exists: false, kind: walk.linkTarget == nil ? .regular : .symlink)
            fact.linkTarget = walk.linkTarget
            if let failure = walk.failure, !failure.isNotFound { fact.error = failure.reason }
            return fact
        }
        var fact = FileFact(path: walk.path, status: status)
        fact.linkTarget = walk.linkTarget
        return fact
    }

    /// The directory that it lies in, without the links on the way to it; nil where the walk did not come so far.
    public var directory: FileFact? {
        walk.directories.last.map { FileFact(path: $0.path, status: $0.status) }
    }

    /// The fact with its source, or why it can't be known whether the file is there.
    public func reading(kept path: String? = nil) -> Reading<FileFact> {
        if let failure = walk.failure, !failure.isNotFound { return .missing(Absence(walk.path, failure)) }
        return .value(fact, Source(walk.path, path: path, time: time))
    }

    /// The content, or why there is none to be had.
    public func content(limit: Int) throws(SystemError) -> [UInt8] {
        try open().contents(limit: limit)
    }

    /// The end of the walk opened, if it is a regular file.
    public func open() throws(SystemError) -> RegularFile {
        if let failure = walk.failure { throw failure }
        return try RegularFile(walk.local)
    }
}

extension FileFact {
    /// What is there, by its status (stat(2)).
    public init(path: String, status: FileStatus) {
        self.init(path: path, exists: true, kind: Kind(status))
        mode = status.permissions
        owner = status.owner
        group = status.group
        size = status.size
        modified = status.modified
        identity = status.identity
    }
}

extension FileFact.Kind {
    init(_ status: FileStatus) {
        self =
            if status.isRegular {
                .regular
            } else if status.isDirectory {
                .directory
            } else if status.isSymbolicLink {
                .symlink
            } else {
                status.isSocket ? .socket : .other
            }
    }

    /// As a sentence names it.
    public var words: String {
        switch self {
        case .regular: "a file"
        case .directory: "a directory"
        case .symlink: "a symbolic link"
        case .socket: "a socket"
        case .other: "a FIFO or a device"
        }
    }
}

extension Absence {
    /// What a failed call left unknown.
    public init(_ what: String, _ error: SystemError) {
        let reason: Reason = error.isNotPermitted ? .notPermitted : error.isNotFound ? .notAvailable : .failed
        self.init(what, reason, why: error.reason)
    }
}
