import COpenSSL
public import Values

/// A private key that is there to be used: for a request of ours, or to issue with. It is never printed.
///
/// To look at a key that lies on a host, there is `KeyDescription`, which holds nothing secret.
public struct PrivateKey: Sendable, CustomStringConvertible {
    private let key: SharedKey
    /// DER SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).
    public let publicKey: [UInt8]

    private init(_ key: SharedKey) throws(OpenSSLError) {
        self.key = key
        publicKey = unsafe Buffer.encoding { unsafe i2d_PUBKEY(key.handle.pointer, $0) }
        guard !publicKey.isEmpty else { throw OpenSSLError("encode a key's public half") }
    }

    /// A new key on the curve P-256 (FIPS 186-4), what the manager makes too.
    public static func generate() throws(OpenSSLError) -> PrivateKey {
        ErrorQueue.clear()
        guard let key = unsafe Handle(co_new_key(), freeing: EVP_PKEY_free) else {
            throw OpenSSLError("make a private key")
        }
        return try PrivateKey(SharedKey(key))
    }

    /// Reads the first private key of a text: PKCS #8, PKCS #1 or SEC 1, not encrypted. The caller's bytes stay as they
    /// are; `KeyDescription.cleanse` overwrites them.
    public init(pem bytes: [UInt8]) throws(OpenSSLError) {
        ErrorQueue.clear()
        let deed = "read the private key"
        let blocks = PEMBlock.all(in: bytes)
        guard let block = blocks.first(where: \.isPrivateKey) else {
            throw OpenSSLError(deed, reason: "it holds no private key")
        }
        guard !block.isEncrypted else { throw OpenSSLError(deed, reason: "it is encrypted") }
        guard block.isComplete else { throw OpenSSLError(deed, reason: "its END line is missing") }
        var text = Array(bytes[block.bytes])
        defer { KeyDescription.cleanse(&text) }
        let read = try unsafe Buffer.withReader(over: text) { (reader) throws(OpenSSLError) in
            let parsed = unsafe PEM_read_bio_PrivateKey(reader, nil, co_no_password, nil)
            guard let handle = unsafe Handle(parsed, freeing: EVP_PKEY_free) else { throw OpenSSLError(deed) }
            return SharedKey(handle)
        }
        guard let read else { throw OpenSSLError(deed) }
        try self.init(read)
    }

    /// PKCS #8 in PEM, not encrypted: for a file of mode 0600. Overwrite it with `KeyDescription.cleanse` after use.
    public var pem: [UInt8] {
        guard let writer = unsafe Handle(BIO_new(BIO_s_mem()), freeing: BIO_free_all),
            unsafe PEM_write_bio_PKCS8PrivateKey(writer.pointer, key.handle.pointer, nil, nil, 0, nil, nil) == 1
        else { return [] }
        return unsafe Buffer.content(of: writer.pointer)
    }

    /// Of the public half; names the key without giving it away.
    public var publicKeyFingerprint: Digest { SHA256.digest(of: publicKey) }

    /// Whether the certificate carries this key's public half.
    public func matches(_ certificate: Certificate) -> Bool {
        defer { ErrorQueue.clear() }
        return unsafe certificate.withX509 { one in
            guard let theirs = unsafe X509_get0_pubkey(one) else { return false }
            return unsafe EVP_PKEY_eq(key.handle.pointer, theirs) == 1
        }
    }

    public var description: String { "private key with the public half \(publicKeyFingerprint.labelled)" }

    /// An EVP_PKEY for OpenSSL's signing functions, valid while `body` runs.
    package func withKey<Result, Failure: Error>(
        _ body: (OpaquePointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe body(key.handle.pointer)
    }
}

// Copies of a key share it: nobody changes an EVP_PKEY, so several threads may use it (openssl-threads(7)).
private final class SharedKey: @unchecked Sendable {
    let handle: Handle

    init(_ handle: consuming Handle) { self.handle = handle }
}
