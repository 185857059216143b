public import Values

/// Why the other side of a TLS connection is not believed. One sentence for the log; harmless to print.
public enum PeerFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// No chain to a certificate that is trusted, in OpenSSL's words and with the subject they are about.
    case untrusted(reason: String)
    case expired(notAfter: WallTime)
    case notYetValid(notBefore: WallTime)
    /// On the CA's revocation list; the serial number as `openssl x509 -serial` prints it.
    case revoked(serial: String)
    /// A server's certificate shown by a client or the other way round, or a CA's own.
    case wrongPurpose
    /// `covered` as in `Certificate.names`: `DNS:host`, `IP:10.0.0.1`.
    case wrongName(wanted: String, covered: [String])
    /// What was shown is no chain of certificates.
    case unreadable(reason: String)
    /// No certificate was shown.
    case absent
    /// Revocation could not be told, and the policy does not let that pass.
    case listUnusable(reason: String)

    public var description: String {
        switch self {
        case .untrusted(let reason): "its certificate is not trusted: \(reason)"
        case .expired(let notAfter): "its certificate expired at \(notAfter.rfc3339)"
        case .notYetValid(let notBefore): "its certificate is not valid before \(notBefore.rfc3339)"
        case .revoked(let serial): "its certificate is revoked: serial number \(serial.harmless(limit: 64))"
        case .wrongPurpose: "its certificate is for another purpose"
        case .wrongName(let wanted, let covered):
            "its certificate is not for \(wanted.harmless(limit: 255)) but for \(PeerFault.list(covered))"
        case .unreadable(let reason): "its certificate cannot be read: \(reason)"
        case .absent: "it showed no certificate"
        case .listUnusable(let reason): "the revocation list cannot be used: \(reason)"
        }
    }

    /// Whether only the dates are wrong: then it may be our clock that is.
    public var isAboutTime: Bool {
        switch self {
        case .expired, .notYetValid: true
        default: false
        }
    }

    private static func list(_ names: [String]) -> String {
        guard !names.isEmpty else { return "no name at all" }
        let shown = names.prefix(5).map { $0.harmless(limit: 255) }.joined(separator: ", ")
        return names.count > 5 ? "\(shown) and \(names.count - 5) more" : shown
    }
}
