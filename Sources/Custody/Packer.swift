import Archive
import Evidence
import Linux
import Values

/// Makes one `.tar.zst` of a bundle. The directory goes only after the archive is synced and was read back, so at
/// every moment a whole bundle exists.
enum Packer {
    static func pack(_ evidence: SealedEvidence) throws(CustodyError) {
        let name = EvidenceDirectory.name(of: evidence.location)
        let target = name + BundleLayout.archiveSuffix
        let partial = target + BundleLayout.partialSuffix
        let place = try EvidenceDirectory.existing(EvidenceDirectory.parent(of: evidence.location))
        do throws(SystemError) {
            if try place.contains(target) { throw SystemError("create", target, code: SystemError.exists) }
        } catch {
            throw error.isExisting ? .exists(evidence.finalLocation) : .system(error)
        }
        do throws(CustodyError) {
            try write(name, to: partial, in: place, modified: evidence.snapshot.now)
            let check = try Verifier.verify(evidence.location + BundleLayout.archiveSuffix + BundleLayout.partialSuffix)
            guard check.evidence?.digest == evidence.digest else { throw .packedWrongly(evidence.location) }
            try publish(partial, as: target, in: place)
        } catch {
            // The reason matters more than a leftover, which the next run takes away.
            try? place.removeFile(partial)
            throw error
        }
        takeAway(name, in: place)
    }

    private static func write(
        _ name: String, to partial: String, in place: borrowing DirectoryAnchor, modified: WallTime
    ) throws(CustodyError) {
        do {
            let file = try place.createFile(partial)
            _ = try? file.lock(wait: false)
            var writer = try ArchiveWriter(descriptor: file.raw)
            try writer.addDirectory(name, modified: modified)
            try add(try place.openDirectory(name), as: name, to: &writer, modified: modified)
            try writer.finish()
            try file.synchronize()
        } catch let error as SystemError {
            throw error.isExisting ? .exists(place.path + "/" + partial) : .system(error)
        } catch let error as ArchiveError {
            throw .archive(error)
        } catch {
            throw .packedWrongly(name)
        }
    }

    private static func add(
        _ directory: borrowing DirectoryAnchor, as path: String, to writer: inout ArchiveWriter, modified: WallTime
    ) throws {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        for name in try directory.list(limit: BundleLimits.entries).names
        where !name.hasPrefix(BundleLayout.temporaryPrefix) {
            let status = try directory.status(of: name)
            if status.isDirectory {
                try writer.addDirectory(path + "/" + name, modified: modified)
                try add(
                    try directory.openDirectory(name), as: path + "/" + name, to: &writer, modified: modified)
            } else if status.isRegular {
                let file = try directory.openFile(name)
                try writer.beginFile(path + "/" + name, size: Bytes(try file.status.size), modified: modified)
                while case let count = try file.read(into: &buffer), count > 0 { try writer.append(buffer[..<count]) }
            }
        }
    }

    private static func publish(
        _ partial: String, as target: String, in place: borrowing DirectoryAnchor
    ) throws(CustodyError) {
        do throws(SystemError) {
            try place.rename(partial, to: target)
            try place.synchronize()
        } catch {
            throw error.isExisting ? .exists(place.path + "/" + target) : .system(error)
        }
    }

    /// Renamed first: a directory that is half removed must not be taken for a bundle. Failing here leaves two whole
    /// bundles, which is no loss.
    private static func takeAway(_ name: String, in place: borrowing DirectoryAnchor) {
        let doomed = BundleLayout.temporaryPrefix + name + "-packed"
        do throws(SystemError) {
            try place.rename(name, to: doomed)
            try place.removeTree(doomed)
            try place.synchronize()
        } catch {
            return
        }
    }
}
