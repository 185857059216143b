import COpenSSL
public import Values

/// Detached signatures (CMS SignedData, RFC 5652), in DER over the bytes as they are: what
/// `openssl cms -verify -binary -inform DER -content FILE` checks.
public enum CMS {
    /// Who signed, as the certificate inside the signature says.
    public struct Signer: Hashable, Sendable {
        /// RFC 2253, escaped.
        public let subject: String
        /// SHA-256 of the certificate's DER.
        public let fingerprint: Digest

        public init(subject: String, fingerprint: Digest) {
            self.subject = subject
            self.fingerprint = fingerprint
        }
    }

    /// Certificate and key as opened from their PEM files; the key leaves neither OpenSSL's memory nor this value.
    public struct Identity: ~Copyable {
        private let certificates: CertificateStack
        private let key: OwnedKey
        public let signer: Signer

        /// The first certificate of `certificate` is the signer's, the others come along as its chain.
        public init(certificate: String, key: String) throws(CMSError) {
            let certificates = try CertificateStack(file: certificate)
            let key = try OwnedKey(file: key)
            guard unsafe X509_check_private_key(certificates.first, key.pointer) == 1 else {
                ERR_clear_error()
                throw .mismatch
            }
            let kind = key.kind
            guard kind != "ED25519", kind != "ED448" else { throw .unsupportedKey(kind) }
            signer = try unsafe Signer(of: certificates.first)
            self.certificates = certificates
            self.key = key
        }

        /// A detached signature over `content`.
        public borrowing func sign(_ content: [UInt8]) throws(CMSError) -> [UInt8] {
            ERR_clear_error()
            let flags = UInt32(CMS_BINARY | CMS_DETACHED | CMS_NOSMIMECAP)
            let source = try Memory(reading: content)
            let made = unsafe CMS_sign(
                certificates.first, key.pointer, certificates.others, source.pointer, flags)
            guard let made = unsafe made else { throw .failed("sign", why: lastReason()) }
            defer { unsafe CMS_ContentInfo_free(made) }
            let length = unsafe i2d_CMS_ContentInfo(made, nil)
            guard length > 0 else { throw .failed("encode the signature", why: lastReason()) }
            var encoded = [UInt8](repeating: 0, count: Int(length))
            unsafe encoded.withUnsafeMutableBufferPointer { buffer in
                var cursor = buffer.baseAddress
                _ = unsafe i2d_CMS_ContentInfo(made, &cursor)
            }
            return encoded
        }
    }

    /// Checks `signature` over `content` with the certificate that it carries, and says who that is. Whether that
    /// certificate deserves trust, and its dates, are another question.
    public static func verify(_ signature: [UInt8], over content: [UInt8]) throws(CMSError) -> Signer {
        ERR_clear_error()
        let parsed = unsafe signature.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            return unsafe d2i_CMS_ContentInfo(nil, &cursor, buffer.count)
        }
        guard let parsed = unsafe parsed else { throw .notCMS(why: lastReason()) }
        defer { unsafe CMS_ContentInfo_free(parsed) }
        // One encoding only: bytes after the value, or another spelling of it, would be changes that nobody names.
        guard unsafe i2d_CMS_ContentInfo(parsed, nil) == signature.count else {
            throw .notCMS(why: "there are bytes behind it")
        }
        let source = try Memory(reading: content)
        let flags = UInt32(CMS_BINARY | CMS_DETACHED | CMS_NO_SIGNER_CERT_VERIFY)
        guard unsafe CMS_verify(parsed, nil, nil, source.pointer, nil, flags) == 1 else {
            throw .wrong(why: lastReason())
        }
        guard let signers = unsafe CMS_get0_signers(parsed) else { throw .noSigner }
        defer { unsafe OPENSSL_sk_free(signers) }
        guard unsafe OPENSSL_sk_num(signers) == 1, let first = unsafe OPENSSL_sk_value(signers, 0) else {
            throw .noSigner
        }
        return try unsafe Signer(of: OpaquePointer(first))
    }
}

extension CMS.Signer {
    fileprivate init(of certificate: OpaquePointer) throws(CMSError) {
        let text = try Memory()
        _ = unsafe X509_NAME_print_ex(text.pointer, X509_get_subject_name(certificate), 0, co_name_flags())
        subject = text.text.harmless(limit: 256)
        var bytes = [UInt8](repeating: 0, count: 32)
        guard unsafe X509_digest(certificate, EVP_sha256(), &bytes, nil) == 1 else {
            throw .failed("digest the certificate", why: lastReason())
        }
        fingerprint = Digest(bytes: bytes)
    }
}

/// The certificates of a PEM file.
@safe private struct CertificateStack: ~Copyable {
    let first: OpaquePointer
    let others: OpaquePointer

    init(file path: String) throws(CMSError) {
        let file = try Memory(file: path)
        guard let first = unsafe PEM_read_bio_X509(file.pointer, nil, nil, nil) else {
            throw .noCertificate(path, why: lastReason())
        }
        guard let others = unsafe OPENSSL_sk_new_null() else {
            unsafe X509_free(first)
            throw .failed("read '\(path)'", why: "out of memory")
        }
        while unsafe OPENSSL_sk_num(others) < 16, let next = unsafe PEM_read_bio_X509(file.pointer, nil, nil, nil) {
            _ = unsafe OPENSSL_sk_push(others, UnsafeRawPointer(next))
        }
        ERR_clear_error()
        unsafe self.first = first
        unsafe self.others = others
    }

    deinit {
        unsafe X509_free(first)
        while let next = unsafe OPENSSL_sk_pop(others) { unsafe X509_free(OpaquePointer(next)) }
        unsafe OPENSSL_sk_free(others)
    }
}

/// A private key; OpenSSL wipes its memory when it is freed.
@safe private struct OwnedKey: ~Copyable {
    let pointer: OpaquePointer

    init(file path: String) throws(CMSError) {
        let file = try Memory(file: path)
        var asked: Int32 = 0
        let key = unsafe PEM_read_bio_PrivateKey(file.pointer, nil, co_no_password, &asked)
        guard let key = unsafe key else {
            let why = lastReason()
            throw asked != 0 ? .encryptedKey(path) : .noKey(path, why: why)
        }
        unsafe pointer = key
    }

    deinit { unsafe EVP_PKEY_free(pointer) }

    /// OpenSSL's name of its type: `RSA`, `EC`, `ED25519`.
    var kind: String { unsafe EVP_PKEY_get0_type_name(pointer).map { unsafe String(cString: $0) } ?? "unknown" }
}

/// A BIO: bytes to read from, a place to write to, or an open file.
@safe private struct Memory: ~Copyable {
    let pointer: OpaquePointer

    /// With these bytes in it, to be read.
    init(reading bytes: [UInt8] = []) throws(CMSError) {
        guard let pointer = unsafe BIO_new(BIO_s_mem()) else { throw .failed("sign", why: "out of memory") }
        let written = unsafe bytes.withUnsafeBytes { buffer in
            unsafe BIO_write(pointer, buffer.baseAddress, Int32(clamping: buffer.count))
        }
        guard bytes.isEmpty || Int(written) == bytes.count else {
            unsafe BIO_free_all(pointer)
            throw .failed("sign", why: "out of memory")
        }
        unsafe self.pointer = pointer
    }

    /// A regular file of at most 1 MiB.
    init(file path: String) throws(CMSError) {
        guard let pointer = unsafe co_open_regular_file(path, 1 << 20) else {
            let code = co_errno()
            let why =
                switch code {
                case EINVAL: "not a regular file"
                case EFBIG: "larger than 1 MiB"
                default: unsafe strerror(code).map { unsafe String(cString: $0).lowercased() } ?? "error \(code)"
                }
            throw .file(path, why: why)
        }
        unsafe self.pointer = pointer
    }

    deinit { unsafe BIO_free_all(pointer) }

    /// What was written to it.
    var text: String {
        var start: UnsafeMutablePointer<CChar>?
        let count = unsafe BIO_ctrl(pointer, BIO_CTRL_INFO, 0, &start)
        guard count > 0, let start = unsafe start else { return "" }
        return unsafe String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    }
}

/// OpenSSL's words for the newest error in this thread's queue, which is emptied.
private func lastReason() -> String {
    defer { ERR_clear_error() }
    guard let words = unsafe ERR_reason_error_string(ERR_peek_last_error()) else { return "no reason given" }
    return unsafe String(cString: words)
}
