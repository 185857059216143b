import CLinux

/// Where a symbolic link points to, as written (readlink(2)).
public func symbolicLinkTarget(of path: String) throws(SystemError) -> String {
    // PATH_MAX: no link's text is longer.
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = unsafe readlink(path, &buffer, buffer.count)
    guard count >= 0 else { throw SystemError("read link", path) }
    return String(decoding: buffer[..<count].lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

extension HostRoot {
    /// An absolute path of this host with every symbolic link followed *inside* the root, as the host itself would: an
    /// absolute link on a mounted disk must not lead to our own files.
    /// With `refusing`, what can't be of this host is not there.
    public func resolving(_ path: String, refusing: Bool = false) throws(SystemError) -> String {
        var pending = Array(path.split(separator: "/").map(String.init).reversed())
        var resolved: [String] = []
        var linksLeft = 40
        while let component = pending.popLast() {
            if component == "." { continue }
            if component == ".." {
                _ = resolved.popLast()
                continue
            }
            let place = "/" + (resolved + [component]).joined(separator: "/")
            if refusing, let code = refusal(of: place) { throw SystemError("open", self(path), code: code) }
            let isLink = try FileStatus(of: self(place), followingLinks: false).isSymbolicLink
            guard isLink else {
                resolved.append(component)
                continue
            }
            linksLeft -= 1
            guard linksLeft > 0 else { throw SystemError("follow link", self(path), code: ELOOP) }
            let target = try symbolicLinkTarget(of: self(place))
            if target.hasPrefix("/") { resolved = [] }
            pending += target.split(separator: "/").map(String.init).reversed()
        }
        return "/" + resolved.joined(separator: "/")
    }

    /// Where a path of this host lies for us with every link followed inside the root.
    public func place(_ path: String) throws(SystemError) -> String {
        isLive ? path : self(try resolving(path, refusing: true))
    }

    /// The same for a directory's entry itself, which may be a link.
    public func entry(_ path: String) throws(SystemError) -> String {
        if isLive { return path }
        let parts = path.split(separator: "/")
        guard let name = parts.last else { return self("/") }
        let directory = try place("/" + parts.dropLast().joined(separator: "/"))
        return directory + (directory.hasSuffix("/") ? "" : "/") + name
    }

    /// The content of one of its small files; what is longer than `limit` bytes is cut there.
    public func contents(of path: String, limit: Int = 1 << 20) throws(SystemError) -> [UInt8] {
        try Linux.contents(of: place(path), limit: limit)
    }

    /// The names in one of its directories; none where it can't be read.
    public func names(in directory: String, limit: Int = 4096) -> [String] {
        guard let place = try? place(directory), let listing = try? DirectoryListing(of: place, limit: limit) else {
            return []
        }
        return listing.names
    }
}

/// A path without links, `.` and `..`, absolute (realpath(3)).
public func canonicalPath(_ path: String) throws(SystemError) -> String {
    guard let found = unsafe realpath(path, nil) else { throw SystemError("find", path) }
    defer { unsafe free(found) }
    return unsafe String(cString: found)
}
