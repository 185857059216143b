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
    public func resolving(_ path: String) throws(SystemError) -> String {
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
}
