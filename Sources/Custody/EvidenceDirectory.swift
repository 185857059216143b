import Linux
import Values

/// The directory that bundles lie in.
enum EvidenceDirectory {
    /// Opens it; what is missing of its path is made, for its owner's eyes only.
    static func open(_ path: String) throws(CustodyError) -> DirectoryAnchor {
        do throws(SystemError) { return try DirectoryAnchor(making: path) } catch { throw .system(error) }
    }

    /// Opens a directory that must be there.
    static func existing(_ path: String) throws(CustodyError) -> DirectoryAnchor {
        do throws(SystemError) { return try DirectoryAnchor(opening: path) } catch { throw .system(error) }
    }

    /// The path without its last part: `/a/b/` → `/a`, `b` → `.`.
    static func parent(of path: String) -> String {
        var rest = Substring(path)
        while rest.hasSuffix("/"), rest.count > 1 { rest = rest.dropLast() }
        guard let slash = rest.lastIndex(of: "/") else { return "." }
        let parent = rest[..<slash]
        return parent.isEmpty ? "/" : String(parent)
    }

    /// The last part: `/a/b/` → `b`.
    static func name(of path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// Refuses before the first byte where the bundle can't fit.
    static func requireRoom(
        in place: borrowing DirectoryAnchor, for bytes: Bytes, inodes: UInt64, sparing spared: Bytes = Bytes(0)
    ) throws(CustodyError) {
        let room: FileSystemRoom
        do { room = try place.room } catch { throw .system(error) }
        if room.isReadOnly { throw .readOnly(place.path) }
        guard room.available >= bytes else {
            throw .noRoom(place.path, needed: bytes, available: room.available)
        }
        if room.available.count - bytes.count < spared.count {
            throw .sparing(place.path, available: room.available, spared: spared)
        }
        if let free = room.inodes, free < inodes {
            throw .noInodes(place.path, needed: inodes, available: free)
        }
    }
}
