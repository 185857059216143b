import COpenSSL
public import OpenSSL
public import Values

extension Authority {
    /// A revocation list in PEM (RFC 5280 §5) with its number and the CA's key identifier. Entries carry no reason, as
    /// those of the manager; their serial numbers are hexadecimal, as `Certificate.serial` has them.
    public func revocationList(
        revoked: [(serial: String, date: WallTime)], thisUpdate: WallTime, nextUpdate: WallTime, number: UInt64
    ) throws(OpenSSLError) -> [UInt8] {
        ErrorQueue.clear()
        let deed = "make a revocation list"
        guard let draft = unsafe Handle(X509_CRL_new(), freeing: X509_CRL_free),
            unsafe X509_CRL_set_version(draft.pointer, 1) == 1,
            unsafe certificate.withX509({ unsafe X509_CRL_set_issuer_name(draft.pointer, X509_get_subject_name($0)) })
                == 1,
            unsafe co_set_list_window(draft.pointer, thisUpdate.seconds, nextUpdate.seconds) == 1
        else { throw OpenSSLError(deed) }
        for one in revoked {
            guard let serial = Authority.bytes(ofSerial: one.serial) else {
                throw OpenSSLError(deed, reason: "'\(one.serial.harmless(limit: 64))' is no serial number")
            }
            guard unsafe co_list_add(draft.pointer, serial, Int32(serial.count), one.date.seconds) == 1 else {
                throw OpenSSLError(deed)
            }
        }
        guard unsafe certificate.withX509({ unsafe co_list_identify(draft.pointer, $0, number) }) == 1,
            unsafe X509_CRL_sort(draft.pointer) == 1
        else { throw OpenSSLError(deed) }
        let list = unsafe draft.pointer
        let length = unsafe key.withKey { unsafe X509_CRL_sign(list, $0, EVP_sha256()) }
        let der = unsafe length > 0 ? Buffer.encoding { unsafe i2d_X509_CRL(list, $0) } : []
        guard !der.isEmpty else { throw OpenSSLError(deed) }
        return try RevocationList(der).pem
    }

    /// At most 20 octets (RFC 5280 §4.1.2.2).
    private static func bytes(ofSerial text: String) -> [UInt8]? {
        let digits = text.utf8.count % 2 == 0 ? text : "0" + text
        guard (2...40).contains(digits.utf8.count) else { return nil }
        let values = digits.compactMap(\.hexDigitValue)
        guard values.count == digits.utf8.count else { return nil }
        return stride(from: 0, to: values.count, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
    }
}
