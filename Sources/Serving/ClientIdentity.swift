import OpenSSL
public import Values

/// Who a client is by the certificate that its hand-shake showed, for whoever keeps account of what was asked by whom.
public struct ClientIdentity: Hashable, Sendable {
    /// The last commonName of the subject (RFC 5280 §4.1.2.6), harmless and of at most 64 characters, the bound that
    /// the RFC sets; nil where there is none. The CA answers for it, nobody else.
    public let commonName: String?
    /// Hexadecimal, as `openssl x509 -serial` prints it.
    public let serial: String
    /// SHA-256 of the certificate in DER.
    public let fingerprint: Fingerprint

    public init(commonName: String?, serial: String, fingerprint: Fingerprint) {
        self.commonName = commonName
        self.serial = serial
        self.fingerprint = fingerprint
    }

    /// nil for what is no certificate.
    init?(der: [UInt8]) {
        guard let certificate = try? Certificate(der: der) else { return nil }
        self.init(
            commonName: certificate.commonName.map { $0.harmless(limit: 64) },
            serial: certificate.serial.harmless(limit: 64), fingerprint: certificate.fingerprint)
    }
}
