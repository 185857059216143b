import Linux
import Values

/// Why the server could not listen.
public struct ListenError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The address, or the inherited descriptor, that it was tried on.
    public let subject: String
    /// errno(3); 0 where the system had none to give.
    public let code: Int32
    public let reason: String

    /// EADDRINUSE: somebody else has the port.
    public var isAddressInUse: Bool { code == 98 }
    /// EADDRNOTAVAIL: no interface has the address.
    public var isAddressUnavailable: Bool { code == 99 }
    /// EACCES or EPERM: a port below 1024 without the right to it.
    public var isNotPermitted: Bool { code == 13 || code == 1 }

    public var description: String { "cannot listen on \(subject): \(reason)" }

    init(_ subject: String, code: Int32) {
        self.subject = subject
        self.code = code
        reason = SystemError("listen on", subject, code: code).reason
    }

    init(_ subject: String, reason: String) {
        self.subject = subject
        self.code = 0
        self.reason = reason.harmless(limit: 200)
    }
}
