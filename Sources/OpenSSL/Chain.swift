import COpenSSL
import Values

/// The way from a certificate to one that is trusted (RFC 5280 §6), as X509_verify_cert(3) finds it.
///
/// Dates are left aside, so that "expired" and "not signed by this CA" are two answers and not one that hides the
/// other; so is the purpose. Every certificate of the CA file is an anchor, self-signed or not, as for webpki.
public struct Chain: Hashable, Sendable {
    public let isTrusted: Bool
    /// `X509_V_ERR_…`; 0 where trusted.
    public let code: Int
    /// OpenSSL's words for the code.
    public let reason: String
    /// Whom the code is about.
    public let subject: String

    /// 112 bits (NIST SP 800-57): what Debian's OpenSSL asks of a TLS peer. Weaker keys and digests are refused there,
    /// so they are refused here.
    private static let securityLevel: Int32 = 2

    /// `intermediates` are what the server sends along; they help to find the way and are not trusted.
    public init(of leaf: Certificate, through intermediates: [Certificate], to anchors: [Certificate])
        throws(OpenSSLError)
    {
        ErrorQueue.clear()
        let deed = "verify the chain"
        guard let store = unsafe Handle(X509_STORE_new(), freeing: X509_STORE_free),
            let context = unsafe Handle(X509_STORE_CTX_new(), freeing: X509_STORE_CTX_free),
            let untrusted = unsafe Handle(co_certificates_new(), freeing: co_certificates_free)
        else { throw OpenSSLError(deed) }
        for anchor in anchors {
            let one = try Certificate.handle(der: anchor.der)
            guard unsafe X509_STORE_add_cert(store.pointer, one.pointer) == 1 else { throw OpenSSLError(deed) }
        }
        for intermediate in intermediates {
            let one = try Certificate.handle(der: intermediate.der)
            // The stack frees what lies on it, so it gets a reference of its own.
            guard unsafe X509_up_ref(one.pointer) == 1 else { throw OpenSSLError(deed) }
            guard unsafe co_certificates_push(untrusted.pointer, one.pointer) > 0 else { throw OpenSSLError(deed) }
        }
        let target = try Certificate.handle(der: leaf.der)
        guard
            unsafe X509_STORE_CTX_init(context.pointer, store.pointer, target.pointer, untrusted.pointer) == 1
        else { throw OpenSSLError(deed) }
        let parameters = unsafe X509_STORE_CTX_get0_param(context.pointer)
        unsafe X509_VERIFY_PARAM_set_flags(
            parameters, UInt(X509_V_FLAG_NO_CHECK_TIME) | UInt(X509_V_FLAG_PARTIAL_CHAIN))
        unsafe X509_VERIFY_PARAM_set_auth_level(parameters, Chain.securityLevel)
        let answer = unsafe X509_verify_cert(context.pointer)
        let error = unsafe X509_STORE_CTX_get_error(context.pointer)
        isTrusted = answer == 1
        code = isTrusted ? 0 : Int(error)
        reason = unsafe isTrusted ? "ok" : String(cString: X509_verify_cert_error_string(Int(error)))
        subject =
            if !isTrusted, let current = unsafe X509_STORE_CTX_get_current_cert(context.pointer) {
                unsafe Buffer.text(of: X509_get_subject_name(current))
            } else {
                leaf.subject
            }
        ErrorQueue.clear()
    }
}
