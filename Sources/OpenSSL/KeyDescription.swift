import COpenSSL
public import Values

/// What may be known of a private key: its kind and its public half.
///
/// The key itself exists only while `init` runs; it is never returned, stored or compared by its secret part.
public struct KeyDescription: Hashable, Sendable {
    /// `RSA`, `EC`, `Ed25519` …; `unknown` where encryption hides it.
    public let algorithm: String
    /// 0 where encryption hides them.
    public let bits: Int
    /// It needs a passphrase, which nobody is asked for.
    public let isEncrypted: Bool
    /// DER SubjectPublicKeyInfo; nil where encryption hides it.
    public let publicKey: [UInt8]?

    /// Of the public half.
    public var publicKeyFingerprint: Digest? { publicKey.map { SHA256.digest(of: $0) } }

    /// Reads the first private key of a file: PKCS #1, PKCS #8 or SEC 1 in PEM or DER. The bytes are overwritten with
    /// zeros before this returns, whatever comes of it.
    public init(consuming bytes: inout [UInt8]) throws(OpenSSLError) {
        defer { KeyDescription.cleanse(&bytes) }
        ErrorQueue.clear()
        guard !bytes.isEmpty else { throw OpenSSLError("read the private key", reason: "the file is empty") }
        let blocks = PEMBlock.all(in: bytes)
        if blocks.isEmpty {
            try self.init(der: bytes)
            return
        }
        guard let block = blocks.first(where: \.isPrivateKey) else {
            let labels = PEMBlock.labels(of: blocks)
            throw OpenSSLError("read the private key", reason: "it holds no private key, only: \(labels)")
        }
        guard !block.isEncrypted else {
            let kind = ["RSA PRIVATE KEY": "RSA", "EC PRIVATE KEY": "EC"][block.label]
            self.init(algorithm: kind ?? "unknown", bits: 0, isEncrypted: true, publicKey: nil)
            return
        }
        guard block.isComplete else {
            throw OpenSSLError("read the private key", reason: "its END line is missing")
        }
        try self.init(pem: bytes, block)
    }

    /// Overwrites a secret in a way that no compiler leaves out.
    public static func cleanse(_ bytes: inout [UInt8]) {
        unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe OPENSSL_cleanse(buffer.baseAddress, buffer.count)
        }
    }

    /// Whether the certificate carries this key's public half, as SSL_CTX_check_private_key(3) compares them; nil
    /// where encryption hides it.
    public func matches(_ certificate: Certificate) -> Bool? {
        guard let publicKey else { return nil }
        defer { ErrorQueue.clear() }
        let parsed = unsafe publicKey.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            return unsafe d2i_PUBKEY(nil, &cursor, buffer.count)
        }
        guard let mine = unsafe Handle(parsed, freeing: EVP_PKEY_free) else { return false }
        return unsafe certificate.withX509 { one in
            guard let theirs = unsafe X509_get0_pubkey(one) else { return false }
            return unsafe EVP_PKEY_eq(mine.pointer, theirs) == 1
        }
    }
}

extension KeyDescription {
    private init(algorithm: String, bits: Int, isEncrypted: Bool, publicKey: [UInt8]?) {
        self.algorithm = algorithm
        self.bits = bits
        self.isEncrypted = isEncrypted
        self.publicKey = publicKey
    }

    /// An EVP_PKEY, of which only the public half is taken.
    private init(_ key: OpaquePointer) throws(OpenSSLError) {
        let kind = unsafe KeyKind(key)
        let publicKey = unsafe Buffer.encoding { unsafe i2d_PUBKEY(key, $0) }
        guard !publicKey.isEmpty else { throw OpenSSLError("read the private key's public half") }
        self.init(algorithm: kind.algorithm, bits: kind.bits, isEncrypted: false, publicKey: publicKey)
        ErrorQueue.clear()
    }

    /// One PEM block; its decoded form lies in memory that OpenSSL cleanses.
    private init(pem file: [UInt8], _ block: PEMBlock) throws(OpenSSLError) {
        var text = Array(file[block.bytes])
        defer { KeyDescription.cleanse(&text) }
        let read = try unsafe Buffer.withReader(over: text) { (reader) throws(OpenSSLError) in
            var name: UnsafeMutablePointer<CChar>?
            var header: UnsafeMutablePointer<CChar>?
            var data: UnsafeMutablePointer<UInt8>?
            var count = 0
            let flags = UInt32(PEM_FLAG_SECURE | PEM_FLAG_EAY_COMPATIBLE)
            guard unsafe PEM_read_bio_ex(reader, &name, &header, &data, &count, flags) == 1 else {
                throw OpenSSLError("read the private key")
            }
            defer {
                unsafe CRYPTO_secure_clear_free(data, count, nil, 0)
                unsafe CRYPTO_secure_free(header, nil, 0)
                unsafe CRYPTO_secure_free(name, nil, 0)
            }
            return try unsafe KeyDescription(der: UnsafeBufferPointer(start: data, count: count))
        }
        guard let read else { throw OpenSSLError("read the private key") }
        self = read
    }

    private init(der bytes: [UInt8]) throws(OpenSSLError) {
        let outcome: Result<KeyDescription, OpenSSLError> = unsafe bytes.withUnsafeBufferPointer { buffer in
            do throws(OpenSSLError) {
                return .success(try unsafe KeyDescription(der: buffer))
            } catch {
                return .failure(error)
            }
        }
        self = try outcome.get()
    }

    private init(der buffer: UnsafeBufferPointer<UInt8>) throws(OpenSSLError) {
        guard unsafe !KeyDescription.isEncryptedDER(buffer) else {
            self.init(algorithm: "unknown", bits: 0, isEncrypted: true, publicKey: nil)
            return
        }
        var cursor = buffer.baseAddress
        let parsed = unsafe d2i_AutoPrivateKey(nil, &cursor, buffer.count)
        guard let key = unsafe Handle(parsed, freeing: EVP_PKEY_free) else {
            throw OpenSSLError("read the private key", otherwise: "neither PEM nor DER")
        }
        try unsafe self.init(key.pointer)
    }

    /// PKCS #8's EncryptedPrivateKeyInfo (RFC 5958 §3), told apart before a decoder might ask for its passphrase.
    private static func isEncryptedDER(_ buffer: UnsafeBufferPointer<UInt8>) -> Bool {
        var cursor = buffer.baseAddress
        defer { ErrorQueue.clear() }
        let parsed = unsafe d2i_X509_SIG(nil, &cursor, buffer.count)
        return unsafe Handle(parsed, freeing: X509_SIG_free) != nil
    }
}
