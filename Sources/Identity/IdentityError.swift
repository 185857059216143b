public import Linux
public import Values

/// Why something of the agent's own could not be kept, read or put in its place. Whatever was there before is there
/// still.
public enum IdentityError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kernel or the disk said no.
    case storage(SystemError)
    /// Seen before the first byte was written.
    case noRoom(path: String, needed: Bytes, available: Bytes)
    case noInodes(path: String, available: UInt64)
    case readOnly(path: String)
    /// Others could change what lies there, or it is not what it must be.
    case refused(path: String, why: String, advice: String)
    /// What was handed over to be kept can't be.
    case unacceptable(String, why: String)

    public var description: String {
        switch self {
        case .storage(let error): "\(error)"
        case .noRoom(let path, let needed, let available):
            "no room in '\(path)': \(needed.readable) are needed, \(available.readable) are free"
        case .noInodes(let path, let available): "no room in '\(path)': only \(available) inodes are free"
        case .readOnly(let path): "cannot write to '\(path)': the file system is mounted read-only"
        case .refused(let path, let why, _): "'\(path.harmless())' is refused: \(why)"
        case .unacceptable(let what, let why): "\(what) cannot be kept: \(why)"
        }
    }

    /// What a person can do about it.
    public var hint: String {
        switch self {
        case .storage(let error): error.advice
        case .noRoom(let path, _, _): SystemError.roomAdvice(path)
        case .noInodes(let path, _): "remove files on the file system of '\(path)': see df -i '\(path)'"
        case .readOnly: SystemError.readOnlyAdvice
        case .refused(_, _, let advice): advice
        case .unacceptable: "what arrived is at fault, not this host: look at the manager's log"
        }
    }
}

extension SystemError {
    static func roomAdvice(_ path: String) -> String { "free some room on the file system of '\(path)': see df -h" }

    static let readOnlyAdvice =
        "remount it writable, and look into dmesg: the kernel mounts a disk that fails read-only; "
        + "under systemd ReadWritePaths= must name the directory"

    /// By the kind of the failure.
    fileprivate var advice: String {
        switch code {
        case SystemError.noSpace: SystemError.roomAdvice(object)
        case SystemError.quotaExceeded: "raise the disk quota, or free some of it: see quota(1)"
        case SystemError.readOnly: SystemError.readOnlyAdvice
        case SystemError.inputOutput: "the disk fails: look into dmesg and at smartctl -a"
        case SystemError.tooManyLinks: "put a real file or directory in the place of the symbolic link"
        case SystemError.tooManyOpenFiles: "raise LimitNOFILE= of the unit"
        default:
            isNotPermitted
                ? "run as root; under systemd ReadWritePaths= must name the directory"
                : "look at the path with namei -l '\(object)'"
        }
    }
}
