import COpenSSL
public import OpenSSL
public import Values

/// A certificate authority: the manager's, for development and tests. Its key lies in memory.
public struct Authority: Sendable {
    public let certificate: Certificate
    public let key: PrivateKey

    private init(_ certificate: Certificate, _ key: PrivateKey) {
        self.certificate = certificate
        self.key = key
    }

    /// A new one that signs itself: P-256, keyCertSign and cRLSign, as the manager makes it.
    public static func make(
        commonName: String = "Patch Manager Root CA", organization: String = "Patch Manager", now: WallTime,
        days: Int64 = 3650
    ) throws(OpenSSLError) -> Authority {
        var profile = CertificateProfile(
            .authority, commonName: commonName, notBefore: now, notAfter: now + .seconds(days * 86400))
        profile.organization = organization
        let key = try PrivateKey.generate()
        return Authority(try CertificateDraft(profile, for: key.publicKey).signed(by: nil, key), key)
    }

    /// One that was made before; its key must be the certificate's.
    public init(certificatePEM: [UInt8], keyPEM: [UInt8]) throws(OpenSSLError) {
        let deed = "take up the certificate authority"
        let bundle = CertificateBundle(certificatePEM)
        guard let certificate = bundle.certificates.first else {
            throw OpenSSLError(deed, reason: bundle.problem ?? "there is no certificate")
        }
        key = try PrivateKey(pem: keyPEM)
        guard key.matches(certificate) else {
            throw OpenSSLError(deed, reason: "the key is not that of the certificate")
        }
        self.certificate = certificate
    }

    /// In PEM; the key is for a file of mode 0600.
    public var certificatePEM: [UInt8] { certificate.pem }
    public var keyPEM: [UInt8] { key.pem }

    /// A certificate in PEM for a key of ours.
    public func issue(_ profile: CertificateProfile, for key: PrivateKey) throws(OpenSSLError) -> [UInt8] {
        try issue(profile, forPublicKey: key.publicKey)
    }

    /// A certificate in PEM for whoever made a request (PKCS #10, PEM). Of the request only the key counts, and that
    /// its signature proves who asks to have it; what is in the certificate is the profile's to say.
    public func issue(_ profile: CertificateProfile, forRequest request: [UInt8]) throws(OpenSSLError) -> [UInt8] {
        try issue(profile, forPublicKey: SigningRequest.publicKey(of: request))
    }

    private func issue(_ profile: CertificateProfile, forPublicKey publicKey: [UInt8]) throws(OpenSSLError) -> [UInt8] {
        try CertificateDraft(profile, for: publicKey).signed(by: certificate, key).pem
    }
}
