public import Evidence
import Linux
public import Values

/// Writes what was seen into a bundle that from then on can't be changed unnoticed.
///
/// Crash-safe: everything is written and synced under a temporary name in the same directory, and then renamed. Killed
/// at any moment, on a full or read-only disk, the bundle is there whole or not at all. Nothing is ever overwritten.
public struct Sealer: Sendable {
    private let directory: String
    private let form: BundleForm
    private let signer: SigningIdentity?
    private let spared: Bytes

    /// Where root keeps evidence unless told otherwise.
    public static let standardDirectory = "/var/lib/patch-doctor/evidence"

    /// `spared` is what must be free afterwards.
    public init(
        directory: String = Sealer.standardDirectory, form: BundleForm = .directory, signer: SigningIdentity? = nil,
        sparing spared: Bytes = Bytes(0)
    ) {
        self.spared = spared
        self.directory = directory
        self.form = form
        self.signer = signer
    }

    /// Seals what was seen. The bundle is a directory until `SealedEvidence.finish`, whatever its form is to be, so
    /// that a report can be attached.
    public func seal(_ snapshot: Snapshot, raw: [RawItem]) throws(CustodyError) -> SealedEvidence {
        let draft = try BundleDraft(snapshot, raw: raw, signer: signer)
        let place = try EvidenceDirectory.open(directory)
        Leftovers.clean(place)
        let copies: UInt64 = form == .archive ? 2 : 1
        try EvidenceDirectory.requireRoom(
            in: place, for: Bytes(draft.footprint.count * copies), inodes: draft.inodes, sparing: spared)
        do throws(SystemError) {
            try write(draft, to: place)
        } catch {
            throw error.isExisting ? .exists(place.path + "/" + draft.name) : .system(error)
        }
        return SealedEvidence(
            location: place.path + "/" + draft.name, digest: draft.digest, snapshot: draft.snapshot, form: form)
    }

    private func write(_ draft: BundleDraft, to place: borrowing DirectoryAnchor) throws(SystemError) {
        let temporary = try makeTemporary(for: draft, in: place)
        do throws(SystemError) {
            try fill(temporary.directory, with: draft.files)
            try place.rename(temporary.name, to: draft.name)
        } catch {
            // The reason matters more than a leftover, which the next run takes away.
            try? place.removeTree(temporary.name)
            throw error
        }
        do throws(SystemError) {
            try place.synchronize()
        } catch {
            // A name that may be gone after a power cut is no place for evidence: what is reported as kept is kept.
            try? place.removeTree(draft.name)
            throw error
        }
    }

    /// Writes all files and brings them to the disk, in as few commits as the limit on open descriptors allows.
    private func fill(
        _ directory: borrowing DirectoryAnchor, with files: [(path: BundlePath, content: [UInt8])]
    ) throws(SystemError) {
        let directories = Set(files.flatMap { $0.path.directories }).sorted()
        for name in directories { _ = try directory.makeDirectory(name) }
        var batch = SyncBatch()
        for file in files {
            try batch.add(file.content, as: file.path.text, in: directory)
            if batch.count >= 128 { try batch.synchronize() }
        }
        for name in directories {
            try batch.add(directory: name, in: directory)
            if batch.count >= 128 { try batch.synchronize() }
        }
        try batch.add(directory: ".", in: directory)
        try batch.synchronize()
    }

    /// A directory of our own that is locked, so that nobody takes it for a dead run's.
    private func makeTemporary(
        for draft: BundleDraft, in place: borrowing DirectoryAnchor
    ) throws(SystemError) -> Temporary {
        var failure = SystemError("make directory", place.path, code: 0)
        for _ in 0..<16 {
            let name =
                BundleLayout.temporaryPrefix + draft.name + "-" + String(UInt32.random(in: 0 ... .max), radix: 16)
            do throws(SystemError) {
                let made = try place.makeDirectory(name)
                // Without locks on this file system nobody else can lock it either, and so nobody removes it.
                let isLocked = (try? made.tryLock()) ?? true
                if isLocked, made.isStill(name, in: place) { return Temporary(directory: made, name: name) }
            } catch  where error.isExisting || error.isNotFound {
                failure = error
            }
        }
        throw failure
    }
}

/// A directory in the making, held open and locked.
private struct Temporary: ~Copyable {
    let directory: DirectoryAnchor
    let name: String
}
