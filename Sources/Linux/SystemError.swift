import CLinux

/// A system call that failed: what was tried, on what, and why.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The call or the deed in plain words: `open`, `read`.
    public let action: String
    /// The path or other object that it was tried on.
    public let object: String
    /// errno(3).
    public let code: Int32

    public init(_ action: String, _ object: String, code: Int32 = currentErrno()) {
        self.action = action
        self.object = object
        self.code = code
    }

    /// `permission denied`, in the voice of our messages: lower case, no full stop.
    public var reason: String {
        let text = unsafe String(cString: cl_error_words(code))
        guard let first = text.first, text.dropFirst().first?.isUppercase != true else { return text }
        return first.lowercased() + text.dropFirst()
    }

    public var description: String { "cannot \(action) '\(object)': \(reason)" }

    public var isNotPermitted: Bool { code == EACCES || code == EPERM }
    public var isNotFound: Bool { code == ENOENT || code == ENOTDIR }
    public var isExisting: Bool { code == EEXIST || code == ENOTEMPTY }
    /// EEXIST, for those who find out by looking.
    public static let exists = EEXIST
    /// EINVAL, for objects of the wrong kind.
    public static let invalid = EINVAL
    /// The process that was being read ended meanwhile.
    public var isGone: Bool { code == ESRCH || code == ENOENT }
}

/// errno(3) of this thread's last failed call.
public func currentErrno() -> Int32 { cl_errno() }

extension SystemError {
    /// ELOOP and ENOTDIR, for who resolves paths by itself.
    public static let tooManyLinks = ELOOP
    public static let notADirectory = ENOTDIR
}

extension SystemError {
    /// ENOENT, ENOSPC, EDQUOT, EROFS, EIO and EMFILE, for who tells people what to do.
    public static let notThere = ENOENT
    public static let noSpace = ENOSPC
    public static let quotaExceeded = EDQUOT
    public static let readOnly = EROFS
    public static let inputOutput = EIO
    public static let tooManyOpenFiles = EMFILE
    public static let invalidArgument = EINVAL
    public static let notPermitted = EPERM
}

/// What keeps a connection from coming about, or ends it (connect(2), tcp(7)).
extension SystemError {
    public var isRefused: Bool { code == ECONNREFUSED }
    public var isWithoutRoute: Bool { [EHOSTUNREACH, ENETUNREACH, ENETDOWN, EADDRNOTAVAIL].contains(code) }
    public var isReset: Bool { [ECONNRESET, EPIPE, ECONNABORTED].contains(code) }
    public var isTimeout: Bool { code == ETIMEDOUT }
}
