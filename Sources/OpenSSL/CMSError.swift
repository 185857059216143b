/// Why a signature could not be made or does not hold (RFC 5652).
public enum CMSError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A file could not be opened or is none that can be read: path and reason.
    case file(String, why: String)
    /// There is no PEM certificate in it.
    case noCertificate(String, why: String)
    /// There is no PEM private key in it.
    case noKey(String, why: String)
    /// The key needs a password, and nobody is asked for one.
    case encryptedKey(String)
    /// Certificate and key are not two halves of one pair.
    case mismatch
    /// OpenSSL 3.0's CMS can't sign with this kind of key, such as Ed25519.
    case unsupportedKey(String)
    /// The bytes are no CMS SignedData in DER.
    case notCMS(why: String)
    /// The signature names no certificate that it carries, or more than one signer.
    case noSigner
    /// It is a signature over something else.
    case wrong(why: String)
    /// OpenSSL failed for a reason of its own.
    case failed(String, why: String)

    public var description: String {
        switch self {
        case .file(let path, let why): "cannot open '\(path)': \(why)"
        case .noCertificate(let path, let why): "no certificate in '\(path)': \(why)"
        case .noKey(let path, let why): "no private key in '\(path)': \(why)"
        case .encryptedKey(let path): "the key in '\(path)' is encrypted, and its password is not known here"
        case .mismatch: "certificate and key do not belong together"
        case .unsupportedKey(let kind): "OpenSSL's CMS cannot sign with a key of type \(kind)"
        case .notCMS(let why): "not a CMS signature in DER: \(why)"
        case .noSigner: "the signature does not carry exactly one signer's certificate"
        case .wrong(let why): "the signature does not belong to this content: \(why)"
        case .failed(let deed, let why): "cannot \(deed): \(why)"
        }
    }
}
