import Linux
import Values

/// The proof that a directory takes a file, made by writing one.
enum WritingProof {
    /// Files and directories that an enrollment makes, with some to spare.
    private static let inodes: UInt64 = 32

    static func run(in directory: borrowing DirectoryAnchor, room: Bytes) throws(IdentityError) {
        let path = directory.path
        let found: FileSystemRoom
        do throws(SystemError) { found = try directory.room } catch { throw .storage(error) }
        if found.isReadOnly { throw .readOnly(path: path) }
        guard found.available >= room else { throw .noRoom(path: path, needed: room, available: found.available) }
        if let free = found.inodes, free < inodes { throw .noInodes(path: path, available: free) }
        let name = "\(TemporaryName())"
        do throws(SystemError) {
            let file = try directory.createFile(name)
            do throws(SystemError) {
                try fill(file, with: room)
                try file.synchronize()
            } catch {
                try? directory.removeFile(name)
                throw error
            }
            try directory.removeFile(name)
            try directory.synchronize()
        } catch {
            throw .storage(error)
        }
    }

    /// With noise: a file system that compresses would take zeros without having the room.
    private static func fill(_ file: borrowing Descriptor, with room: Bytes) throws(SystemError) {
        var left = Int(clamping: room.count)
        var state = UInt64.random(in: 0 ... .max) | 1
        var chunk = [UInt8](repeating: 0, count: 65536)
        while left > 0 {
            for index in chunk.indices {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                chunk[index] = UInt8(truncatingIfNeeded: state >> 56)
            }
            if left < chunk.count { chunk.removeSubrange(left...) }
            try file.writeAll(chunk)
            left -= chunk.count
        }
    }
}
