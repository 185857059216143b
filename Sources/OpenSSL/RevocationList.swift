import COpenSSL
public import Values

/// A certificate revocation list (RFC 5280 §5) as a value.
public struct RevocationList: Hashable, Sendable {
    public let der: [UInt8]
    public let issuer: String
    public let thisUpdate: WallTime
    public let nextUpdate: WallTime?
    public let revokedCount: Int

    /// Reads the first list of a file, in PEM or DER.
    public init(_ bytes: [UInt8]) throws(OpenSSLError) {
        ErrorQueue.clear()
        let deed = "read the revocation list"
        guard !bytes.isEmpty else { throw OpenSSLError(deed, reason: "the file is empty") }
        let blocks = PEMBlock.all(in: bytes)
        guard !blocks.isEmpty else {
            let handle = try RevocationList.handle(der: bytes, otherwise: "neither PEM nor DER")
            try unsafe self.init(handle.pointer)
            return
        }
        guard let block = blocks.first(where: \.isRevocationList) else {
            throw OpenSSLError(deed, reason: "it holds no list, only: " + PEMBlock.labels(of: blocks))
        }
        guard block.isComplete else {
            throw OpenSSLError(deed, reason: "the END line of the list at line \(block.line) is missing")
        }
        let text = Array(bytes[block.bytes])
        let read = try unsafe Buffer.withReader(over: text) { (reader) throws(OpenSSLError) in
            let parsed = unsafe PEM_read_bio_X509_CRL(reader, nil, nil, nil)
            guard let handle = unsafe Handle(parsed, freeing: X509_CRL_free) else { throw OpenSSLError(deed) }
            return try unsafe RevocationList(handle.pointer)
        }
        guard let read else { throw OpenSSLError(deed) }
        self = read
    }

    private init(_ list: OpaquePointer) throws(OpenSSLError) {
        guard let thisUpdate = unsafe WallTime(X509_CRL_get0_lastUpdate(list)) else {
            throw OpenSSLError("read the revocation list", reason: "its thisUpdate holds no time")
        }
        self.thisUpdate = thisUpdate
        nextUpdate = unsafe WallTime(X509_CRL_get0_nextUpdate(list))
        der = unsafe Buffer.encoding { unsafe i2d_X509_CRL(list, $0) }
        issuer = unsafe Buffer.text(of: X509_CRL_get_issuer(list))
        revokedCount = unsafe max(0, Int(co_revoked_count(list)))
        ErrorQueue.clear()
    }

    /// Whether the issuer's name is this certificate's subject: only then can the list be its own.
    public func isIssued(by authority: Certificate) -> Bool {
        unsafe compare(authority) { list, one in
            unsafe X509_NAME_cmp(X509_CRL_get_issuer(list), X509_get_subject_name(one)) == 0
        }
    }

    /// Whether the list speaks of certificates like this one: both have the same issuer.
    public func covers(_ certificate: Certificate) -> Bool {
        unsafe compare(certificate) { list, one in
            unsafe X509_NAME_cmp(X509_CRL_get_issuer(list), X509_get_issuer_name(one)) == 0
        }
    }

    /// Whether its signature was made with this certificate's key.
    public func isSigned(by authority: Certificate) -> Bool {
        unsafe compare(authority) { list, one in
            guard let key = unsafe X509_get0_pubkey(one) else { return false }
            return unsafe X509_CRL_verify(list, key) == 1
        }
    }

    /// Whether the certificate's serial number and issuer are on the list.
    public func revokes(_ certificate: Certificate) -> Bool {
        unsafe compare(certificate) { list, one in
            var entry: OpaquePointer?
            // 2 is removeFromCRL: taken off the list again.
            return unsafe X509_CRL_get0_by_cert(list, &entry, one) == 1
        }
    }

    /// In PEM, as it is kept in a bundle.
    public var pem: [UInt8] {
        guard let list = try? RevocationList.handle(der: der, otherwise: "empty"),
            let writer = unsafe Handle(BIO_new(BIO_s_mem()), freeing: BIO_free_all),
            unsafe PEM_write_bio_X509_CRL(writer.pointer, list.pointer) == 1
        else { return [] }
        return unsafe Buffer.content(of: writer.pointer)
    }

    private func compare(_ certificate: Certificate, _ question: (OpaquePointer, OpaquePointer) -> Bool) -> Bool {
        defer { ErrorQueue.clear() }
        guard let list = try? RevocationList.handle(der: der, otherwise: "empty"),
            let one = try? Certificate.handle(der: certificate.der)
        else { return false }
        return unsafe question(list.pointer, one.pointer)
    }

    private static func handle(der bytes: [UInt8], otherwise: String) throws(OpenSSLError) -> Handle {
        let parsed = unsafe bytes.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            return unsafe d2i_X509_CRL(nil, &cursor, buffer.count)
        }
        guard let handle = unsafe Handle(parsed, freeing: X509_CRL_free) else {
            throw OpenSSLError("read the revocation list", otherwise: otherwise)
        }
        return handle
    }
}
