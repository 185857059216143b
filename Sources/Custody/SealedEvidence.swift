public import Evidence
import Linux
import OpenSSL
public import Values

/// Evidence that is kept: the only thing that a remedy accepts. Nothing but sealing, or verifying with success, makes
/// one, so "evidence first" is a type and no habit.
public struct SealedEvidence: Sendable, Hashable {
    /// The bundle's path now: a directory until `finish`, if it is to become an archive.
    public let location: String
    /// The manifest's digest, which names the evidence for ever.
    public let digest: Digest
    public let form: BundleForm
    private let facts: Facts

    /// What was sealed: the facts that a diagnosis is to be made from.
    public var snapshot: Snapshot { facts.snapshot }

    /// Held by reference: whatever holds evidence would else be made to copy every fact one by one, 100 KiB of code
    /// each.
    private final class Facts: Sendable {
        let snapshot: Snapshot
        init(_ snapshot: Snapshot) { self.snapshot = snapshot }
    }

    init(location: String, digest: Digest, snapshot: Snapshot, form: BundleForm) {
        self.location = location
        self.digest = digest
        facts = Facts(snapshot)
        self.form = form
    }

    /// The digest names the facts.
    public static func == (one: SealedEvidence, other: SealedEvidence) -> Bool {
        one.digest == other.digest && one.location == other.location && one.form == other.form
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(digest) }

    /// Where the bundle lies after `finish`.
    public var finalLocation: String {
        form == .archive && location.hasSuffix(BundleLayout.suffix) ? location + BundleLayout.archiveSuffix : location
    }

    /// Puts the report beside what was sealed. The chain of custody answers for it before it is there, so a run that
    /// is killed in between leaves a whole bundle.
    public func attachReport(json: [UInt8], markdown: [UInt8]) throws(CustodyError) {
        try requireDirectory()
        let scan = SecretScan()
        let reports = [
            (BundleLayout.reportJSON, scan.cleanJSON(json)), (BundleLayout.reportMarkdown, scan.clean(markdown)),
        ]
        do throws(SystemError) {
            let bundle = try DirectoryAnchor(opening: location)
            for (name, _) in reports where try bundle.contains(name) {
                throw SystemError("create", location + "/" + name, code: SystemError.exists)
            }
            var batch = SyncBatch()
            for (name, report) in reports {
                let temporary = BundleLayout.temporaryPrefix + name
                if try bundle.contains(temporary) { try bundle.removeFile(temporary) }
                try batch.add(report.content, as: temporary, in: bundle)
            }
            try batch.add(directory: ".", in: bundle)
            try batch.synchronize()
        } catch {
            throw error.isExisting ? .alreadyReported(location) : .system(error)
        }
        let redactions = reports.reduce(0) { $0 + $1.1.redactions.count }
        try CustodyLog(bundle: location).append(
            .reported, by: custodian,
            files: Dictionary(uniqueKeysWithValues: reports.map { ($0.0, SHA256.digest(of: $0.1.content)) }),
            detail: redactions == 0 ? nil : ["redactions": String(redactions)])
        do throws(SystemError) {
            let bundle = try DirectoryAnchor(opening: location)
            for (name, _) in reports { try bundle.rename(BundleLayout.temporaryPrefix + name, to: name) }
            try bundle.synchronize()
        } catch {
            throw .system(error)
        }
    }

    /// Puts an event into the chain of custody: each step of a remedy before and after it runs, an export, a check.
    /// Returns the hash of the new line.
    @discardableResult
    public func record(_ event: CustodyEvent, detail: [String: String] = [:]) throws(CustodyError) -> Digest {
        try requireDirectory()
        return try CustodyLog(bundle: location).append(
            event, by: custodian, detail: detail.isEmpty ? nil : detail.mapValues { $0.harmless() })
    }

    /// Ends the making of the bundle: packs it where it is to be an archive. Returns its path.
    public func finish() throws(CustodyError) -> String {
        guard location != finalLocation else { return location }
        try Packer.pack(self)
        return finalLocation
    }

    private var custodian: Custodian {
        .current(tool: snapshot.observer.tool, version: Version.current)
    }

    private func requireDirectory() throws(CustodyError) {
        if location.hasSuffix(BundleLayout.archiveSuffix) { throw .packed(location) }
    }
}
