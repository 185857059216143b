public import Evidence
import Linux
import Values

/// Writes what was seen into a bundle that from then on can't be changed unnoticed.
///
/// Crash-safe: everything is written and synced under a temporary name in the same directory, and then renamed. Killed
/// at any moment, on a full or read-only disk, the bundle is there whole or not at all. Nothing is ever overwritten.
public struct Sealer: Sendable {
    private let directory: String
    private let form: BundleForm
    private let signer: SigningIdentity?

    /// Where root keeps evidence unless told otherwise.
    public static let standardDirectory = "/var/lib/patch-doctor/evidence"

    public init(
        directory: String = Sealer.standardDirectory, form: BundleForm = .directory, signer: SigningIdentity? = nil
    ) {
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
            in: place, for: Bytes(draft.footprint.count * copies), inodes: draft.inodes)
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
            let tree = FileTree(draft.files)
            try tree.write(to: temporary.directory)
            try tree.synchronize(in: temporary.directory)
            try place.rename(temporary.name, to: draft.name)
            try place.synchronize()
        } catch {
            // The reason matters more than a leftover, which the next run takes away.
            try? place.removeTree(temporary.name)
            throw error
        }
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

/// Files by directory, as they are written: every name relative to a directory that is held open.
private struct FileTree {
    private var files: [(name: String, content: [UInt8])] = []
    private var directories: [String: FileTree] = [:]

    init(_ files: [(path: BundlePath, content: [UInt8])]) {
        for file in files { add(file.path.parts[...], file.content) }
    }

    private init() {}

    private mutating func add(_ parts: ArraySlice<String>, _ content: [UInt8]) {
        guard let first = parts.first else { return }
        if parts.count == 1 {
            files.append((first, content))
        } else {
            directories[first, default: FileTree()].add(parts.dropFirst(), content)
        }
    }

    func write(to anchor: borrowing DirectoryAnchor) throws(SystemError) {
        for file in files { try anchor.createFile(file.name).writeAll(file.content) }
        for (name, tree) in directories.sorted(by: { $0.key < $1.key }) {
            try tree.write(to: try anchor.makeDirectory(name))
        }
    }

    /// After all is written, so that the file system can put it down in one go; a file's errors of write-back are
    /// reported to whoever syncs it first.
    func synchronize(in anchor: borrowing DirectoryAnchor) throws(SystemError) {
        for file in files { try anchor.openFile(file.name).synchronize() }
        for (name, tree) in directories.sorted(by: { $0.key < $1.key }) {
            try tree.synchronize(in: try anchor.openDirectory(name))
        }
        try anchor.synchronize()
    }
}
