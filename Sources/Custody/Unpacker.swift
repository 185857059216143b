import Archive
import Evidence
public import Linux
import Values

/// Lays an archived bundle out as a directory, so that its chain of custody can grow again.
///
/// Crash-safe as sealing is: everything is written and synced under a temporary name, compared with its manifest, and
/// then renamed. What is not what was sealed stays nowhere.
public enum Unpacker {
    /// The bundle that is read from `archive`, below `directory`. Where that evidence lies there already, it is left as it
    /// is, with what its chain of custody has by now. Throws where it is no bundle, is altered, or can't be written.
    public static func unpack(_ archive: borrowing Descriptor, into directory: String) throws(CustodyError)
        -> SealedEvidence
    {
        let place = try EvidenceDirectory.open(directory)
        Leftovers.clean(place)
        let temporary = BundleLayout.temporaryPrefix + "unpacked-" + String(UInt64.random(in: 0 ... .max), radix: 16)
        let bundle: DirectoryAnchor
        do throws(SystemError) { bundle = try place.makeDirectory(temporary) } catch { throw .system(error) }
        // Held to the end: who cleans up meanwhile takes nothing of a run that lives.
        _ = try? bundle.tryLock()
        do throws(CustodyError) {
            let name = try lay(archive, as: bundle, in: place)
            let evidence = try intact(temporary, in: place, named: name)
            return try publish(evidence, temporary, as: name, in: place)
        } catch {
            // The reason matters more than a leftover, which the next run takes away.
            try? place.removeTree(temporary)
            throw error
        }
    }

    /// Writes all that is in the archive; returns what the bundle is called in it.
    private static func lay(
        _ archive: borrowing Descriptor, as bundle: borrowing DirectoryAnchor, in place: borrowing DirectoryAnchor
    ) throws(CustodyError) -> String {
        let limits = ArchiveLimits(
            total: BundleLimits.total, entries: BundleLimits.entries, pathLength: BundleLimits.pathLength)
        do {
            var reader = try ArchiveReader(descriptor: archive.raw, limits: limits)
            var name: String?
            var directories: [String] = []
            while let entry = try reader.next() {
                let parts = entry.path.split(separator: "/", maxSplits: 1).map(String.init)
                guard let top = parts.first, name == nil || name == top, isName(top) else {
                    throw CustodyError.notABundle(
                        "the archive", why: "'\(entry.path.harmless())' is no part of a bundle")
                }
                name = top
                guard parts.count == 2 else { continue }
                guard parts[1].utf8.count(where: { $0 == UInt8(ascii: "/") }) < BundleLimits.depth else {
                    throw CustodyError.notABundle("the archive", why: "it holds more levels than a bundle may")
                }
                if entry.isDirectory {
                    _ = try bundle.makeDirectory(parts[1])
                    directories.append(parts[1])
                } else {
                    try EvidenceDirectory.requireRoom(in: place, for: entry.size, inodes: 1)
                    try write(&reader, to: try bundle.createFile(parts[1]))
                }
            }
            for name in directories { try bundle.openDirectory(name).synchronize() }
            try bundle.synchronize()
            guard let name else { throw CustodyError.notABundle("the archive", why: "it is empty") }
            return name
        } catch let error as SystemError {
            throw .system(error)
        } catch let error as ArchiveError {
            throw .archive(error)
        } catch let error as CustodyError {
            throw error
        } catch {
            throw .notABundle("the archive", why: "it could not be read")
        }
    }

    private static func write(_ reader: inout ArchiveReader, to file: borrowing Descriptor) throws {
        var fault: SystemError?
        try reader.read { block in
            guard fault == nil else { return }
            do throws(SystemError) { try file.writeAll(Array(block)) } catch { fault = error }
        }
        if let fault { throw fault }
        try file.synchronize()
    }

    /// `host-20260520T202355Z-0a1b2c.evidence`: nothing that is hidden, and nothing that a shell reads as more than a word.
    private static func isName(_ text: String) -> Bool {
        guard text.hasSuffix(BundleLayout.suffix), text.utf8.count <= 200, let first = text.utf8.first,
            first != UInt8(ascii: "."), first != UInt8(ascii: "-")
        else { return false }
        return text.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || "._-".utf8.contains(byte)
        }
    }

    private static func intact(
        _ temporary: String, in place: borrowing DirectoryAnchor, named name: String
    ) throws(CustodyError) -> SealedEvidence {
        let verification = try Verifier.verify(place.path + "/" + temporary)
        if let evidence = verification.evidence { return evidence }
        let first = verification.alterations.first.map { ": \($0.path), \($0.detail)" } ?? ""
        throw .notABundle(name, why: "it is not what was sealed\(first)")
    }

    private static func publish(
        _ evidence: SealedEvidence, _ temporary: String, as name: String, in place: borrowing DirectoryAnchor
    ) throws(CustodyError) -> SealedEvidence {
        let path = place.path + "/" + name
        do throws(SystemError) {
            if try !place.contains(name) {
                try place.rename(temporary, to: name)
                try place.synchronize()
                return SealedEvidence(
                    location: path, digest: evidence.digest, snapshot: evidence.snapshot, form: .directory)
            }
        } catch {
            throw .system(error)
        }
        guard let present = try Verifier.verify(path).evidence, present.digest == evidence.digest else {
            throw .exists(path)
        }
        try? place.removeTree(temporary)
        return present
    }
}
