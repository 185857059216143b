import COpenSSL

/// A revocation list that stays parsed, for many questions by many threads.
// OpenSSL sorts the entries at the first question, under the list's own lock; nothing else changes.
public final class RevocationLookup: @unchecked Sendable {
    private let handle: Handle

    public init(_ list: RevocationList) throws(OpenSSLError) {
        ErrorQueue.clear()
        handle = try RevocationList.handle(der: list.der, otherwise: "empty")
    }

    /// Whether the list speaks of certificates like this one: both have the same issuer.
    public func covers(_ certificate: Certificate) -> Bool {
        unsafe compare(certificate) { list, one in
            unsafe X509_NAME_cmp(X509_CRL_get_issuer(list), X509_get_issuer_name(one)) == 0
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

    /// Whether the issuer's name is this certificate's subject.
    func isIssued(by authority: Certificate) -> Bool {
        unsafe compare(authority) { list, one in
            unsafe X509_NAME_cmp(X509_CRL_get_issuer(list), X509_get_subject_name(one)) == 0
        }
    }

    /// Whether its signature was made with this certificate's key.
    func isSigned(by authority: Certificate) -> Bool {
        unsafe compare(authority) { list, one in
            guard let key = unsafe X509_get0_pubkey(one) else { return false }
            return unsafe X509_CRL_verify(list, key) == 1
        }
    }

    private func compare(_ certificate: Certificate, _ question: (OpaquePointer, OpaquePointer) -> Bool) -> Bool {
        defer { ErrorQueue.clear() }
        return unsafe certificate.withX509 { unsafe question(handle.pointer, $0) }
    }
}
