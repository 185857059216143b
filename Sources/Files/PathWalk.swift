public import Linux
import Values

/// The way from a host's `/` to a file, one component after the other, as the kernel goes it (path_resolution(7)).
///
/// Absolute links are followed inside the root, so that a fixture or a mounted disk is walked like the host it is of.
public struct PathWalk: Sendable {
    public struct Directory: Sendable, Hashable {
        public let path: String
        public let status: FileStatus
    }

    /// As asked for, absolute.
    public let path: String
    public let root: HostRoot
    /// Every directory that is searched on the way, `/` first.
    public private(set) var directories: [Directory] = []
    /// What lies at the end of the way; nil where it does not exist or the walk failed.
    public private(set) var status: FileStatus?
    /// The host's path of the end, or of how far the walk came, without links.
    public private(set) var location = ""
    /// What `path` itself points to where it is a symbolic link, as written.
    public private(set) var linkTarget: String?
    /// Why the walk ended early.
    public private(set) var failure: SystemError?

    /// MAXSYMLINKS of the kernel.
    private static let linkLimit = 40
    private static let componentLimit = 4096

    public init(_ path: String, below root: HostRoot) {
        self.path = path
        self.root = root
        do throws(SystemError) {
            try walk()
        } catch {
            failure = error
        }
    }

    /// Where the end of the way lies for us.
    public var local: String { root(location) }

    private mutating func walk() throws(SystemError) {
        var rest = Array(path.split(separator: "/").reversed())
        var links = 0
        var steps = 0
        var current = try FileStatus(of: root("/"))
        while let name = rest.popLast() {
            steps += 1
            guard steps <= PathWalk.componentLimit else {
                throw SystemError("open", path, code: SystemError.tooManyLinks)
            }
            guard current.isDirectory else { throw SystemError("open", location, code: SystemError.notADirectory) }
            pass(current)
            if name == "." { continue }
            if name == ".." {
                location = location.lastIndex(of: "/").map { String(location[..<$0]) } ?? ""
                current = try FileStatus(of: root(location.isEmpty ? "/" : location))
                continue
            }
            let next = location + "/" + name
            if let code = root.refusal(of: next) { throw SystemError("open", path, code: code) }
            let status = try FileStatus(of: root(next), followingLinks: false)
            guard status.isSymbolicLink else {
                location = next
                current = status
                continue
            }
            links += 1
            guard links <= PathWalk.linkLimit else { throw SystemError("open", path, code: SystemError.tooManyLinks) }
            let target = try symbolicLinkTarget(of: root(next))
            if rest.isEmpty, linkTarget == nil { linkTarget = target.harmless(limit: 4096) }
            if target.hasPrefix("/") {
                location = ""
                current = try FileStatus(of: root("/"))
            }
            rest += target.split(separator: "/").reversed()
        }
        status = current
    }

    private mutating func pass(_ status: FileStatus) {
        let directory = Directory(path: location.isEmpty ? "/" : location, status: status)
        if !directories.contains(directory) { directories.append(directory) }
    }
}
