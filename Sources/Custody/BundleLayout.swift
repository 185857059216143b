import Values

/// The names in a bundle and around it (docs/evidence-format.md).
enum BundleLayout {
    static let manifest = "manifest.json"
    static let signature = "manifest.p7s"
    static let sums = "SHA256SUMS"
    static let facts = "facts.json"
    static let reportJSON = "report.json"
    static let reportMarkdown = "report.md"
    static let custody = "custody.jsonl"
    /// Everything byte for byte lies below it.
    static let raw = "raw"

    static let suffix = ".evidence"
    static let archiveSuffix = ".tar.zst"
    /// An archive that is being written: never read.
    static let partialSuffix = ".partial"
    /// Whatever is being made or taken away: never read as a bundle.
    static let temporaryPrefix = ".tmp-"

    /// The documents that a reader wants whole, and not only their digests.
    static let documents: Set<String> = [manifest, signature, sums, facts, custody]
    static let reports = [reportJSON, reportMarkdown]
}

/// How a bundle lies on disk.
public enum BundleForm: String, Sendable, Hashable, Codable {
    /// A directory: its report can still be attached and its chain of custody grow.
    case directory
    /// One `.tar.zst`, for carrying away.
    case archive
}

/// What a bundle may hold at most: the sealer keeps to it, and a reader believes nobody who does not.
enum BundleLimits {
    static let item = Bytes.mebibytes(64)
    static let total = Bytes.mebibytes(768)
    static let rawTotal = Bytes.mebibytes(512)
    static let rawItems = 8192
    static let entries = 20_000
    static let depth = 24
    static let pathLength = 1024
    /// Of each document in `BundleLayout.documents`.
    static let document = Bytes.mebibytes(64)
    static let custodyEntries = 100_000
}
