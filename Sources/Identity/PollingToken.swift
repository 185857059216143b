import OpenSSL
import Values
import Wire

extension PollingToken {
    /// By which a dead token is remembered without being kept.
    var digest: Digest { SHA256.digest(of: Array(secret.utf8)) }
}
