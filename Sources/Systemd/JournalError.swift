import Linux

/// The journal could not be opened or read: what was tried, on what, and why.
public struct JournalError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The deed in plain words: `open`, `seek in`.
    public let action: String
    /// Which journal: `system journal`, `/srv/evidence/journal`.
    public let object: String
    /// errno(3), positive.
    public let code: Int32

    init(_ action: String, _ object: String, result: Int32) {
        self.action = action
        self.object = object
        code = -result
    }

    /// The cause in words; what sd-journal(3) means by a code that reads oddly elsewhere is said its own way.
    public var reason: String {
        switch code {
        case 74: "a journal file is damaged"  // EBADMSG
        case 93: "a journal file uses a feature that this libsystemd does not know"  // EPROTONOSUPPORT
        case 99: "no entry has been moved to yet"  // EADDRNOTAVAIL
        default: SystemError(action, object, code: code).reason
        }
    }

    public var description: String { "cannot \(action) '\(object)': \(reason)" }

    public var isNotPermitted: Bool { SystemError(action, object, code: code).isNotPermitted }
    public var isNotFound: Bool { SystemError(action, object, code: code).isNotFound }
}
