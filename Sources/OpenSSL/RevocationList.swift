import COpenSSL
public import Values

/// A certificate revocation list (RFC 5280 §5) as a value.
public struct RevocationList: Hashable, Sendable {
    public let der: [UInt8]
    public let issuer: String
    public let thisUpdate: WallTime
    public let nextUpdate: WallTime?
    public let revokedCount: Int
    /// The CRL number (§5.2.3) in hexadecimal without leading zeros; nil where there is none.
    public let number: String?
    /// Whether it has no critical extension, as partial lists have (§5.2.4, §5.2.5): such a list must not be taken for
    /// the whole.
    public let isComplete: Bool

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
        number = unsafe RevocationList.number(of: list)
        isComplete = unsafe X509_CRL_get_ext_by_critical(list, 1, -1) < 0
        ErrorQueue.clear()
    }

    /// Whether this list was made before another of the same issuer: by the numbers, which only grow, and where one has
    /// none by thisUpdate.
    public func isOlder(than other: RevocationList) -> Bool {
        guard let number, let theirs = other.number else { return thisUpdate < other.thisUpdate }
        return number.utf8.count == theirs.utf8.count ? number < theirs : number.utf8.count < theirs.utf8.count
    }

    /// Whether the issuer's name is this certificate's subject: only then can the list be its own.
    public func isIssued(by authority: Certificate) -> Bool { lookup?.isIssued(by: authority) ?? false }

    /// Whether its signature was made with this certificate's key, and that is one to sign lists with (RFC 5280
    /// §6.3.3 (f)).
    public func isSigned(by authority: Certificate) -> Bool {
        guard authority.keyUsage.isEmpty || authority.keyUsage.contains("cRLSign") else { return false }
        return lookup?.isSigned(by: authority) ?? false
    }

    /// Whether the list speaks of certificates like this one: both have the same issuer.
    public func covers(_ certificate: Certificate) -> Bool { lookup?.covers(certificate) ?? false }

    /// Whether the certificate's serial number and issuer are on the list.
    public func revokes(_ certificate: Certificate) -> Bool { lookup?.revokes(certificate) ?? false }

    private var lookup: RevocationLookup? { try? RevocationLookup(self) }

    /// In PEM, as it is kept in a bundle.
    public var pem: [UInt8] {
        guard let list = try? RevocationList.handle(der: der, otherwise: "empty"),
            let writer = unsafe Handle(BIO_new(BIO_s_mem()), freeing: BIO_free_all),
            unsafe PEM_write_bio_X509_CRL(writer.pointer, list.pointer) == 1
        else { return [] }
        return unsafe Buffer.content(of: writer.pointer)
    }

    static func handle(der bytes: [UInt8], otherwise: String) throws(OpenSSLError) -> Handle {
        let parsed = unsafe bytes.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            return unsafe d2i_X509_CRL(nil, &cursor, buffer.count)
        }
        guard let handle = unsafe Handle(parsed, freeing: X509_CRL_free) else {
            throw OpenSSLError("read the revocation list", otherwise: otherwise)
        }
        return handle
    }

    private static func number(of list: OpaquePointer) -> String? {
        // Twenty octets are the most that a number may have.
        var bytes = [UInt8](repeating: 0, count: 20)
        let count = unsafe Int(co_list_number(list, &bytes, Int32(bytes.count)))
        guard count > 0 else { return nil }
        let digits = Buffer.hexadecimal(bytes.prefix(count)).drop { $0 == "0" }
        return digits.isEmpty ? "0" : String(digits)
    }
}
