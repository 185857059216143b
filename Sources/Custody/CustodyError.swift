public import Archive
public import Linux
public import Values

/// Why evidence could not be kept, or a bundle not be judged.
public enum CustodyError: Error, Hashable, Sendable, CustomStringConvertible {
    case system(SystemError)
    case archive(ArchiveError)
    /// The file system lacks room for the bundle: nothing was written.
    case noRoom(String, needed: Bytes, available: Bytes)
    case noInodes(String, needed: UInt64, available: UInt64)
    /// There is room, but it is left to the rest of the host.
    case sparing(String, available: Bytes, spared: Bytes)
    /// A bundle was wanted of that, and why none came of it was said.
    case wanted(String)
    case readOnly(String)
    /// Never overwritten.
    case exists(String)
    case tooLarge(String, Bytes)
    /// A value could not be put into JSON.
    case unwritable(String)
    /// The facts hold a secret that could not be taken out without breaking them.
    case unclean(String)
    case notABundle(String, why: String)
    /// The bundle was made by a later version.
    case unsupported(String)
    /// A document is as it was sealed, and still not what a bundle must hold.
    case unreadable(String, why: String)
    /// An archive takes no additions.
    case packed(String)
    case alreadyReported(String)
    /// The archive that was just written is not the bundle; the directory stays.
    case packedWrongly(String)

    public var description: String {
        switch self {
        case .system(let error): "\(error)"
        case .archive(let error): "\(error)"
        case .noRoom(let path, let needed, let available):
            "no room in '\(path)': the bundle needs \(needed.readable), \(available.readable) are free"
        case .noInodes(let path, let needed, let available):
            "no room in '\(path)': the bundle needs \(needed) inodes, \(available) are free"
        case .sparing(let path, let available, let spared):
            "\(available.readable) are free in '\(path)', and \(spared.readable) are left to the rest of the host"
        case .wanted(let what): "this was to be \(what)"
        case .readOnly(let path): "cannot write to '\(path)': the file system is mounted read-only"
        case .exists(let path): "'\(path)' exists and is never overwritten"
        case .tooLarge(let what, let limit): "\(what) is larger than \(limit.readable)"
        case .unwritable(let why): "the facts cannot be written as JSON: \(why)"
        case .unclean(let why): "the facts hold a secret that cannot be taken out of them: \(why)"
        case .notABundle(let path, let why): "'\(path.harmless())' is no evidence bundle: \(why)"
        case .unsupported(let format):
            "the bundle has format '\(format.harmless(limit: 60))', which this version does not know"
        case .unreadable(let document, let why): "'\(document)' is as it was sealed, and still not readable: \(why)"
        case .packed(let path): "'\(path)' is an archive and takes no additions: unpack it with tar --zstd -xf"
        case .alreadyReported(let path): "'\(path)' holds a report already, which is never overwritten"
        case .packedWrongly(let path): "the archive of '\(path)' did not read back as written; the directory stays"
        }
    }
}
