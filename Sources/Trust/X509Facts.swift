public import Evidence
public import OpenSSL

extension X509Fact {
    /// What OpenSSL read, as evidence.
    public init(_ certificate: Certificate) {
        self.init(
            subject: certificate.subject, issuer: certificate.issuer, serial: certificate.serial,
            notBefore: certificate.notBefore, notAfter: certificate.notAfter, names: certificate.names,
            isCA: certificate.isCA, keyUsage: certificate.keyUsage, extendedKeyUsage: certificate.extendedKeyUsage,
            keyAlgorithm: certificate.keyAlgorithm, keyBits: certificate.keyBits, fingerprint: certificate.fingerprint,
            publicKeyFingerprint: certificate.publicKeyFingerprint)
    }
}
