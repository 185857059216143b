public import Values

/// Why a `.tar.zst` could not be written or is not read.
public enum ArchiveError: Error, Hashable, Sendable, CustomStringConvertible {
    /// libarchive or the file below it failed: what was tried, and why.
    case failed(String, why: String)
    /// It does not begin like a zstd frame (RFC 8878 §3.1.1).
    case notZstandard
    /// It holds something that no bundle of ours holds, or more than a reader accepts.
    case refused(Refusal)

    /// A property of an archive that makes it unfit for reading.
    public enum Refusal: Hashable, Sendable {
        case tooManyEntries(limit: Int)
        case tooLarge(limit: Bytes)
        case pathTooLong(limit: Int)
        case pathUnreadable
        case pathEscapes(String)
        case duplicate(String)
        /// A link, device, FIFO or socket.
        case notAFile(String)
        case sparse(String)
    }

    public var description: String {
        switch self {
        case .failed(let deed, let why): "cannot \(deed): \(why)"
        case .notZstandard: "not a .tar.zst: it does not begin like zstd"
        case .refused(let refusal): refusal.description
        }
    }
}

extension ArchiveError.Refusal: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tooManyEntries(let limit): "the archive has more than \(limit) entries"
        case .tooLarge(let limit): "the archive unpacks to more than \(limit.readable)"
        case .pathTooLong(let limit): "the archive names a path of more than \(limit) bytes"
        case .pathUnreadable: "the archive names a path that is not UTF-8"
        case .pathEscapes(let path): "the archive names '\(path)', which leads out of it"
        case .duplicate(let path): "the archive holds '\(path)' twice"
        case .notAFile(let path): "the archive holds '\(path)' as a link, device or other special file"
        case .sparse(let path): "the archive holds '\(path)' as a sparse file"
        }
    }
}
