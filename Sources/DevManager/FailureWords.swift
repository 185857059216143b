import Linux
import NIOCore
import NIOPosix
import NIOSSL
import Values

/// Why a connection failed, in words for a person.
struct FailureWords: CustomStringConvertible {
    let description: String

    init(_ error: any Error) {
        switch error {
        case let error as NIOConnectionError:
            let first = error.connectionErrors.first.map { FailureWords($0.error).description }
            description = first ?? "its name is not found"
        case let error as IOError: description = SystemError("connect", "", code: error.errnoCode).reason
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            description = "its certificate does not cover the address or name that was dialled"
        case let error as NIOSSLError:
            description = "TLS failed: \(error)".harmless(limit: 300)
        case is ChannelError, is CutOff: description = "it ended the connection without an answer"
        default: description = "\(error)".harmless(limit: 300)
        }
    }
}
