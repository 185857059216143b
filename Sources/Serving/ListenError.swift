import Linux
import NIOCore
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

    /// ENOMEM, ENFILE, EMFILE, ENOBUFS: it may be better in a moment.
    var isExhaustion: Bool { [12, 23, 24, 105].contains(code) }

    public var description: String { "cannot listen on \(subject): \(reason)" }

    init(_ subject: String, _ error: any Error) {
        self.subject = subject
        if let error = error as? IOError {
            code = error.errnoCode
            reason = SystemError("listen on", subject, code: code).reason
        } else {
            code = 0
            reason = String(describing: error).harmless(limit: 200)
        }
    }
}
