import FoundationEssentials

/// What a host tells of its system, as far as it is known (os-release(5), uname(2)).
public struct OSDetails: Hashable, Sendable, Encodable {
    /// NAME: `Debian GNU/Linux`.
    public var distro: String?
    /// VERSION_ID.
    public var version: String?
    /// ID_LIKE.
    public var idLike: String?
    /// VERSION_CODENAME.
    public var codename: String?
    /// The kernel's release.
    public var kernel: String?
    /// ID: `debian`.
    public var name: String?
    /// The same again under the names that the manager's host list reads.
    public var os: String?
    public var osVersion: String?
    public var architecture: String?

    public init() {}

    enum CodingKeys: String, CodingKey {
        case distro, version, codename, kernel, name, os, architecture
        case idLike = "id_like"
        case osVersion = "os_version"
    }
}

/// The body of `POST /api/v1/enroll`.
public struct EnrollRequest: Hashable, Sendable, Encodable {
    public var machineID: String
    public var fqdn: String
    /// An address as text: the manager's database refuses anything else with a 500.
    public var address: String
    public var details: OSDetails
    public var hostname: String?
    /// A PKCS #10 request in PEM. Today's manager ignores it; one that answers it lets the key stay on the host.
    public var csr: String?

    public init(
        machineID: String, fqdn: String, address: String, details: OSDetails, hostname: String? = nil,
        csr: String? = nil
    ) {
        self.machineID = machineID
        self.fqdn = fqdn
        self.address = address
        self.details = details
        self.hostname = hostname
        self.csr = csr
    }

    enum CodingKeys: String, CodingKey {
        case fqdn, hostname, csr
        case machineID = "machine_id"
        case address = "ip_address"
        case details = "os_details"
    }

    /// As it is sent; the same request always gives the same bytes.
    public var json: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings and nothing else: nothing here that JSON can't hold.
        return (try? encoder.encode(self)).map { [UInt8]($0) } ?? []
    }
}
