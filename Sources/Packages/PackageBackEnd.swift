public import Linux

/// What a package manager is asked without changing anything.
public protocol PackageBackEnd: Sendable {
    /// All that it knows of this host, as of now. It reads files, so it is not for an event loop.
    func packages() throws(PackageFault) -> InstalledPackages
}

/// Why the package database could not be read; never taken for an empty one.
public enum PackageFault: Error, Hashable, Sendable, CustomStringConvertible {
    case unreadable(SystemError)
    /// `path` holds what dpkg itself would not take.
    case malformed(path: String, reason: String)
    case oversized(path: String)
    /// A program of the package manager that was asked could not answer: which one, and why, in its words and ours.
    case unanswered(program: String, reason: String)
    /// It changed under each of several looks.
    case busy

    public var description: String {
        switch self {
        case .unreadable(let error): error.description
        case .malformed(let path, let reason): "cannot understand '\(path)': \(reason)"
        case .oversized(let path): "'\(path)' is larger than any package database: not read"
        case .unanswered(let program, let reason): "'\(program)' gave no answer: \(reason)"
        case .busy: "the package database changed while it was read, several times over"
        }
    }
}
