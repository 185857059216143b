import Linux
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Values

/// The transport's errors in our words.
extension ManagerFault {
    init(_ error: any Error, _ witness: Witness) {
        // Whatever the hand-shake's failure is called, this is why.
        if let refusal = witness.refusal {
            self = refusal
            return
        }
        switch error {
        case let fault as ManagerFault: self = fault
        case let error as NIOConnectionError: self = ManagerFault(error)
        case let error as IOError: self = ManagerFault(error, witness)
        case let error as HTTPParserError:
            self = error == .invalidEOFState ? ManagerFault.ended(witness) : .malformed("something that is not HTTP")
        case let error as NIOSSLError: self = ManagerFault(error, witness)
        case let error as ChannelError:
            if case .connectTimeout = error {
                self = .timedOut(.connecting)
            } else {
                self = .ended(witness)
            }
        default: self = .ended(witness, String(describing: error))
        }
    }

    /// None of the name's addresses could be connected to; the first one speaks for all.
    private init(_ error: NIOConnectionError) {
        guard let first = error.connectionErrors.first else {
            self = .unreachable(.nameNotFound)
            return
        }
        switch first.error {
        case let error as IOError: self = ManagerFault(SystemError("connect to", "it", code: error.errnoCode))
        default: self = .timedOut(.connecting)
        }
    }

    private init(_ error: IOError, _ witness: Witness) {
        let fault = ManagerFault(SystemError("talk to", "it", code: error.errnoCode))
        self = fault == .unreachable(.reset) && witness.stage == .body ? .cutOff : fault
    }

    private init(_ error: SystemError) {
        if error.isRefused {
            self = .unreachable(.refused)
        } else if error.isWithoutRoute {
            self = .unreachable(.noRoute)
        } else if error.isReset {
            self = .unreachable(.reset)
        } else if error.isTimeout {
            self = .timedOut(.connecting)
        } else {
            self = .unreachable(.other(error.reason))
        }
    }

    private init(_ error: NIOSSLError, _ witness: Witness) {
        switch error {
        case .uncleanShutdown: self = .ended(witness)
        case .handshakeFailed(let cause):
            let words = String(describing: cause)
            let isPlain = ["WRONG_VERSION_NUMBER", "HTTP_REQUEST", "INVALID_OUTER_RECORD"].contains(
                where: words.contains)
            self = isPlain ? .notTLS : .handshake(ManagerFault.reason(in: words))
        default: self = .handshake(String(describing: error).harmless(limit: 120))
        }
    }

    private static func ended(_ witness: Witness, _ words: String? = nil) -> ManagerFault {
        if witness.stage == .body { return .cutOff }
        return .unreachable(words.map { .other($0.harmless(limit: 120)) } ?? .closed)
    }

    /// BoringSSL's own word in the description of its error: `error:1:SSL routines:OPENSSL_internal:REASON at …`.
    private static func reason(in words: String) -> String {
        guard let start = words.firstRange(of: "OPENSSL_internal:") else { return words.harmless(limit: 120) }
        let rest = words[start.upperBound...].prefix { $0.isUppercase || $0 == "_" || $0.isNumber }
        return rest.lowercased().split(separator: "_").joined(separator: " ").harmless(limit: 120)
    }
}
