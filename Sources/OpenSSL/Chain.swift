public import Values

/// The way from a certificate to one that is trusted (RFC 5280 §6), as X509_verify_cert(3) finds it.
///
/// Dates are left aside, so that "expired" and "not signed by this CA" are two answers and not one that hides the
/// other; so is the purpose.
public struct Chain: Hashable, Sendable {
    public let isTrusted: Bool
    /// `X509_V_ERR_…`; 0 where trusted.
    public let code: Int
    /// OpenSSL's words for the code.
    public let reason: String
    /// Whom the code is about.
    public let subject: String
    /// From the leaf to the anchor, both included; empty where not trusted.
    public let certificates: [Certificate]

    init(from leaf: Certificate, along certificates: [Certificate]) {
        isTrusted = true
        code = 0
        reason = "ok"
        subject = leaf.subject
        self.certificates = certificates
    }

    init(failing code: Int, reason: String, subject: String) {
        isTrusted = false
        self.code = code
        self.reason = reason
        self.subject = subject
        certificates = []
    }

    /// To anchors that are needed once; `TrustAnchors` keeps them for more.
    public init(of leaf: Certificate, through intermediates: [Certificate], to anchors: [Certificate])
        throws(OpenSSLError)
    {
        self = try TrustAnchors(anchors).chain(of: leaf, through: intermediates)
    }

    /// When all its certificates are in force: from the latest beginning to the earliest end.
    public var notBefore: WallTime { certificates.map(\.notBefore).max() ?? WallTime(microseconds: .max) }
    public var notAfter: WallTime { certificates.map(\.notAfter).min() ?? WallTime(microseconds: .min) }

    public func isCurrent(at now: WallTime) -> Bool { notBefore <= now && now <= notAfter }
}
