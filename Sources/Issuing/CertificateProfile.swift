public import Values

/// What a certificate is for and how long, in the terms of RFC 5280.
public struct CertificateProfile: Hashable, Sendable {
    public enum Purpose: Hashable, Sendable { case authority, server, client }

    public var purpose: Purpose
    /// CN of the subject.
    public var commonName: String
    public var dnsNames: [String] = []
    public var addresses: [IPAddress] = []
    public var notBefore: WallTime
    public var notAfter: WallTime

    public init(_ purpose: Purpose, commonName: String, notBefore: WallTime, notAfter: WallTime) {
        self.purpose = purpose
        self.commonName = commonName
        self.notBefore = notBefore
        self.notAfter = notAfter
    }
}
