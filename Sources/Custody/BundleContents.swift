import Archive
import Linux
import OpenSSL
import Values

/// A bundle as it lies there, by whomever it was made: every file's size and digest, and the few documents whole.
/// Nothing is unpacked: an archive is read as a stream.
struct BundleContents {
    struct File: Hashable {
        var size: UInt64
        var digest: Digest
    }

    var files: [String: File] = [:]
    var directories: Set<String> = []
    var documents: [String: [UInt8]] = [:]
    /// What no bundle holds, by path: links, devices, names that are not UTF-8.
    var strange: [String: String] = [:]
    /// Why the rest could not be read; only of an archive, which may break off anywhere.
    var brokenOff: String?

    private var entries = 0
    private var total: UInt64 = 0

    init(directory: borrowing DirectoryAnchor) throws(CustodyError) {
        do {
            try read(directory, as: "", depth: 0)
        } catch let error as SystemError {
            throw .system(error)
        } catch let error as CustodyError {
            throw error
        } catch {
            throw .notABundle(directory.path, why: "it could not be read")
        }
    }

    init(archive file: borrowing Descriptor) throws(CustodyError) {
        let limits = ArchiveLimits(
            total: BundleLimits.total, entries: BundleLimits.entries, pathLength: BundleLimits.pathLength)
        do throws(ArchiveError) {
            var reader = try ArchiveReader(descriptor: file.raw, limits: limits)
            var top: String?
            while let entry = try reader.next() {
                let parts = entry.path.split(separator: "/", maxSplits: 1).map(String.init)
                top = top ?? parts.first
                guard parts.first == top else {
                    strange[entry.path.harmless()] = "lies beside the bundle"
                    continue
                }
                let path = parts.count == 2 ? parts[1] : ""
                if entry.isDirectory {
                    if !path.isEmpty { directories.insert(path) }
                } else {
                    var sink = Sink(keeping: BundleLayout.documents.contains(path))
                    try reader.read { sink.take($0) }
                    add(path.isEmpty ? entry.path : path, sink.finish())
                }
            }
        } catch {
            guard files[BundleLayout.manifest] != nil || entry(error) else { throw .archive(error) }
            brokenOff = error.description
        }
    }

    /// Whether the error says that the archive was changed or made by somebody else, rather than that it is none.
    private func entry(_ error: ArchiveError) -> Bool {
        if case .refused = error { true } else { !files.isEmpty || !directories.isEmpty }
    }

    private mutating func add(_ path: String, _ read: (file: File, kept: [UInt8]?)) {
        files[path] = read.file
        documents[path] = read.kept
    }

    private mutating func read(_ directory: borrowing DirectoryAnchor, as prefix: String, depth: Int) throws {
        let listing = try directory.list(limit: BundleLimits.entries - entries)
        guard listing.isComplete, depth <= BundleLimits.depth else {
            throw CustodyError.notABundle(directory.path, why: "it holds more files or levels than a bundle may")
        }
        entries += listing.names.count
        for name in listing.unreadable { strange[prefix + name.harmless(limit: 80)] = "its name is not UTF-8" }
        for name in listing.names {
            let path = prefix + name
            let status = try directory.status(of: name)
            if status.isDirectory {
                directories.insert(path)
                try read(try directory.openDirectory(name), as: path + "/", depth: depth + 1)
            } else if status.isRegular {
                try readFile(name, of: directory, as: path)
            } else {
                strange[path] = status.isSymbolicLink ? "it is a symbolic link" : "it is no regular file"
            }
        }
    }

    private mutating func readFile(_ name: String, of directory: borrowing DirectoryAnchor, as path: String) throws {
        let file = try directory.openFile(name)
        let status = try file.status
        guard status.isRegular else {
            strange[path] = "it is no regular file"
            return
        }
        guard status.size <= BundleLimits.total.count - total else {
            throw CustodyError.tooLarge(directory.path, BundleLimits.total)
        }
        var sink = Sink(keeping: BundleLayout.documents.contains(path))
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = try file.read(into: &buffer), count > 0 {
            total += UInt64(count)
            guard total <= BundleLimits.total.count else {
                throw CustodyError.tooLarge(directory.path, BundleLimits.total)
            }
            sink.take(buffer[..<count])
        }
        add(path, sink.finish())
    }
}

/// Takes a file's content piece by piece; keeps it only where it is a document that is not too large.
private struct Sink: ~Copyable {
    private var hasher = SHA256.Hasher()
    private var size: UInt64 = 0
    private var kept: [UInt8]?

    init(keeping: Bool) { kept = keeping ? [] : nil }

    mutating func take(_ bytes: ArraySlice<UInt8>) {
        hasher.update(bytes)
        size += UInt64(bytes.count)
        if size > BundleLimits.document.count { kept = nil }
        kept?.append(contentsOf: bytes)
    }

    consuming func finish() -> (file: BundleContents.File, kept: [UInt8]?) {
        (BundleContents.File(size: size, digest: hasher.finish()), kept)
    }
}
