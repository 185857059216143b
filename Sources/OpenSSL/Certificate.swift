import COpenSSL
public import Values

/// An X.509 certificate (RFC 5280) as a value: what it says, and its DER form for whoever must verify with it.
public struct Certificate: Sendable {
    public let der: [UInt8]
    /// OpenSSL 3.0 takes longer to parse a certificate than to verify a signature, so it is done once.
    private let parsed: ParsedCertificate
    /// RFC 2253, harmless and bounded.
    public let subject: String
    public let issuer: String
    /// Hexadecimal, as `openssl x509 -serial` prints it.
    public let serial: String
    public let notBefore: WallTime
    public let notAfter: WallTime
    /// `DNS:host`, `IP:10.0.0.1`, `URI:…`, `email:…`; at most 1000 of them.
    public let names: [String]
    /// basicConstraints says CA:TRUE (§4.2.1.9).
    public let isCA: Bool
    /// By RFC 5280's names: `digitalSignature`. Empty where the extension is absent.
    public let keyUsage: [String]
    /// By OpenSSL's short names, or dotted: `serverAuth`. Empty where the extension is absent.
    public let extendedKeyUsage: [String]
    /// `RSA`, `EC`, `Ed25519` …, or `unknown`.
    public let keyAlgorithm: String
    public let keyBits: Int
    /// Whether keyUsage and extendedKeyUsage let it serve TLS (X509_check_purpose(3)) and it is not a CA's own, which
    /// verifiers such as webpki refuse as an end entity.
    public let allowsServer: Bool
    /// The same for a client of TLS.
    public let allowsClient: Bool
    /// Of the DER form.
    public let fingerprint: Digest
    /// Of the DER SubjectPublicKeyInfo.
    public let publicKeyFingerprint: Digest

    /// Reads one certificate in DER.
    public init(der bytes: [UInt8]) throws(OpenSSLError) {
        ErrorQueue.clear()
        let parsed = unsafe bytes.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            return unsafe d2i_X509(nil, &cursor, buffer.count)
        }
        guard let handle = unsafe Handle(parsed, freeing: X509_free) else {
            throw OpenSSLError("read the certificate", otherwise: "it is empty")
        }
        try self.init(ParsedCertificate(handle))
    }

    /// Shares an X509 of OpenSSL's, which must not be changed from here on.
    init(sharing one: OpaquePointer) throws(OpenSSLError) {
        guard unsafe X509_up_ref(one) == 1, let handle = unsafe Handle(one, freeing: X509_free) else {
            throw OpenSSLError("read the certificate")
        }
        try self.init(ParsedCertificate(handle))
    }

    private init(_ parsed: ParsedCertificate) throws(OpenSSLError) {
        let one = unsafe parsed.handle.pointer
        guard let notBefore = unsafe WallTime(X509_get0_notBefore(one)),
            let notAfter = unsafe WallTime(X509_get0_notAfter(one))
        else { throw OpenSSLError("read the certificate", reason: "its validity holds no time") }
        self.parsed = parsed
        self.notBefore = notBefore
        self.notAfter = notAfter
        der = unsafe Buffer.encoding { unsafe i2d_X509(one, $0) }
        subject = unsafe Buffer.text(of: X509_get_subject_name(one))
        issuer = unsafe Buffer.text(of: X509_get_issuer_name(one))
        serial = unsafe Certificate.serial(of: one)
        names = unsafe Certificate.names(of: one)
        isCA = unsafe co_is_ca(one) != 0
        keyUsage = unsafe Certificate.keyUsage(of: one)
        extendedKeyUsage = unsafe Certificate.extendedKeyUsage(of: one)
        let key = unsafe KeyKind(X509_get0_pubkey(one))
        keyAlgorithm = key.algorithm
        keyBits = key.bits
        allowsServer = unsafe X509_check_purpose(one, X509_PURPOSE_SSL_SERVER, 0) == 1 && !isCA
        allowsClient = unsafe X509_check_purpose(one, X509_PURPOSE_SSL_CLIENT, 0) == 1 && !isCA
        fingerprint = SHA256.digest(of: der)
        publicKeyFingerprint = unsafe SHA256.digest(
            of: Buffer.encoding { unsafe i2d_X509_PUBKEY(X509_get_X509_PUBKEY(one), $0) })
        ErrorQueue.clear()
    }

    /// In PEM, as it is kept in a bundle.
    public var pem: [UInt8] {
        unsafe withX509 { one in
            guard let writer = unsafe Handle(BIO_new(BIO_s_mem()), freeing: BIO_free_all),
                unsafe PEM_write_bio_X509(writer.pointer, one) == 1
            else { return [] }
            return unsafe Buffer.content(of: writer.pointer)
        }
    }

    /// An X509 for OpenSSL's functions, which may read it and take references to it; valid while `body` runs.
    package func withX509<Result, Failure: Error>(
        _ body: (OpaquePointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(parsed) {} }
        return try unsafe body(parsed.handle.pointer)
    }

    /// Whether its X509 is this very one.
    func isBacked(by one: OpaquePointer) -> Bool { unsafe withX509 { $0 == one } }
}

/// One certificate is another if their bytes are.
extension Certificate: Hashable {
    public static func == (left: Certificate, right: Certificate) -> Bool { left.der == right.der }

    public func hash(into hasher: inout Hasher) { hasher.combine(der) }
}

// OpenSSL caches what it reads from an X509 under a lock of its own (openssl-threads(7)), and nothing else changes.
private final class ParsedCertificate: @unchecked Sendable {
    let handle: Handle

    init(_ handle: consuming Handle) { self.handle = handle }
}

/// The extensions that a judgement needs.
extension Certificate {
    private static func serial(of one: OpaquePointer) -> String {
        guard let number = unsafe X509_get0_serialNumber(one), let data = unsafe ASN1_STRING_get0_data(number) else {
            return ""
        }
        let count = unsafe min(64, max(0, Int(ASN1_STRING_length(number))))
        return unsafe Buffer.hexadecimal(UnsafeBufferPointer(start: data, count: count))
    }

    private static func names(of one: OpaquePointer) -> [String] {
        guard let names = unsafe Handle(co_alternative_names(one), freeing: co_names_free) else { return [] }
        var result: [String] = []
        for index in 0..<min(1000, max(0, unsafe co_names_count(names.pointer))) {
            var type: Int32 = 0
            var count: Int32 = 0
            guard let start = unsafe co_name_bytes(names.pointer, index, &type, &count), count >= 0 else { continue }
            let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: Int(count)))
            let text = String(decoding: bytes, as: UTF8.self).harmless(limit: 255)
            switch type {
            case GEN_DNS: result.append("DNS:" + text)
            case GEN_URI: result.append("URI:" + text)
            case GEN_EMAIL: result.append("email:" + text)
            default:
                result.append("IP:" + (IPAddress(bytes: bytes)?.description ?? Buffer.hexadecimal(bytes.prefix(64))))
            }
        }
        return result
    }

    private static func keyUsage(of one: OpaquePointer) -> [String] {
        let bits = unsafe X509_get_key_usage(one)
        // X509_get_key_usage(3) answers with all bits where there is no such extension.
        guard bits != .max else { return [] }
        let names: [(Int32, String)] = [
            (KU_DIGITAL_SIGNATURE, "digitalSignature"), (KU_NON_REPUDIATION, "nonRepudiation"),
            (KU_KEY_ENCIPHERMENT, "keyEncipherment"), (KU_DATA_ENCIPHERMENT, "dataEncipherment"),
            (KU_KEY_AGREEMENT, "keyAgreement"), (KU_KEY_CERT_SIGN, "keyCertSign"), (KU_CRL_SIGN, "cRLSign"),
            (KU_ENCIPHER_ONLY, "encipherOnly"), (KU_DECIPHER_ONLY, "decipherOnly"),
        ]
        return names.filter { bits & UInt32(bitPattern: $0.0) != 0 }.map(\.1)
    }

    private static func extendedKeyUsage(of one: OpaquePointer) -> [String] {
        guard let usage = unsafe Handle(co_extended_usage(one), freeing: co_extended_usage_free) else { return [] }
        return (0..<min(100, max(0, unsafe co_extended_usage_count(usage.pointer)))).map { index in
            var words = [CChar](repeating: 0, count: 128)
            _ = unsafe words.withUnsafeMutableBufferPointer { buffer in
                unsafe co_extended_usage_words(usage.pointer, index, buffer.baseAddress, Int32(buffer.count))
            }
            return String(decoding: words.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).harmless()
        }
    }
}
