import Evidence
import Trust
import Values

extension CertificateStatus {
    /// As a tired person wants to read it; `description` has upstream's words, which scripts know.
    var words: String {
        switch self {
        case .valid: "the certificates are valid"
        case .expiringSoon(let end): "the certificate is valid until \(end.readable), and due to be renewed"
        case .missing(let paths): "not there: \(paths.joined(separator: ", "))"
        case .unreadable(let path, let blockedAt):
            "'\(path)' can't be read by the service" + (blockedAt == path ? "" : ": '\(blockedAt)' is in the way")
        case .corrupt(let path, let reason): "'\(path)' is damaged: \(reason)"
        case .keyMismatch: "the private key is not the certificate's"
        case .untrusted(let reason): "the certificate was not signed by the CA (\(reason))"
        case .wrongPurpose: "the certificate is not meant for a server"
        case .revoked: "the certificate is revoked"
        case .notYetValid(let path, let start): "'\(path)' is valid only from \(start.readable)"
        case .expired(let path, let end): "'\(path)' expired on \(end.readable)"
        case .unknown(let absence): "\(absence.what) could not be judged: \(absence.why)"
        }
    }

    /// What `--check` exits with.
    var exit: AgentExit {
        switch self {
        case .valid: .clean
        case .expiringSoon: .due
        case .missing: .enrolling
        case .expired: .expired
        case .notYetValid: .notYetValid
        case .corrupt, .keyMismatch, .untrusted, .wrongPurpose, .revoked: .unusable
        case .unreadable, .unknown: .failure
        }
    }
}
