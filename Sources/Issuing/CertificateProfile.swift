public import Values

/// What a certificate is for and how long, in the terms of RFC 5280. The switches at the end make certificates that are
/// wrong, for tests of those who must refuse them.
public struct CertificateProfile: Hashable, Sendable {
    public enum Purpose: Hashable, Sendable { case authority, server, client }

    public var purpose: Purpose
    /// CN of the subject; cut at 64 characters.
    public var commonName: String
    /// O of the subject.
    public var organization: String?
    public var dnsNames: [String] = []
    public var addresses: [IPAddress] = []
    public var notBefore: WallTime
    public var notAfter: WallTime
    /// CA:TRUE in basicConstraints; the purpose decides it unless it is set.
    public var isCA: Bool
    /// Without it, a certificate is for every purpose.
    public var hasExtendedKeyUsage = true

    public init(_ purpose: Purpose, commonName: String, notBefore: WallTime, notAfter: WallTime) {
        self.purpose = purpose
        self.commonName = commonName
        self.notBefore = notBefore
        self.notAfter = notAfter
        isCA = purpose == .authority
    }

    /// What the manager gives an agent (manager-upstream §3.4): a server's certificate for `<fqdn>-server` that begins
    /// now and lives for 365 days.
    public static func agent(fqdn: String, address: IPAddress?, now: WallTime, days: Int64 = 365) -> CertificateProfile
    {
        var profile = CertificateProfile(
            .server, commonName: fqdn + "-server", notBefore: now, notAfter: now + .seconds(days * 86400))
        profile.dnsNames = [fqdn]
        profile.addresses = address.map { [$0] } ?? []
        return profile
    }
}
