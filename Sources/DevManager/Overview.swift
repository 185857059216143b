import Values

/// All that the administrator may see, as the manager's socket tells it.
struct Overview: Codable, Sendable {
    struct Waiting: Codable, Sendable {
        var fqdn: String
        var until: WallTime
    }

    var url: String
    var fingerprint: String
    var now: WallTime
    var dialect: Dialect
    var enrollments: [Ledger.Enrollment]
    var hosts: [Ledger.Host]
    var certificates: [Ledger.CertificateRow]
    /// Approved, and not fetched yet.
    var bundles: [Waiting]
    var misbehaviours: [Misbehaviour]
}

/// A request in the words of the manager's own administration API.
struct EnrollmentRow: Codable, Sendable {
    var id: String
    var machineID: String
    var fqdn: String
    var address: String
    var hostname: String?
    var osDetails: JSONValue
    var createdAt: WallTime
    var expiresAt: WallTime

    init(_ row: Ledger.Enrollment) {
        id = row.id
        machineID = row.machineID
        fqdn = row.fqdn
        address = row.address
        hostname = row.hostname
        osDetails = row.osDetails
        createdAt = row.createdAt
        expiresAt = row.expiresAt
    }

    enum CodingKeys: String, CodingKey {
        case id, fqdn, hostname
        case machineID = "machine_id"
        case address = "ip_address"
        case osDetails = "os_details"
        case createdAt = "created_at"
        case expiresAt = "expires_at"
    }
}

/// What the manager answers where an approval would make two hosts of one name or address.
struct Collision: Codable, Sendable {
    struct Conflict: Codable, Sendable {
        var existingHost: Ledger.Host
        var message: String

        enum CodingKeys: String, CodingKey {
            case existingHost = "existing_host"
            case message
        }
    }

    var error = "Host collision detected"
    var conflict: Conflict

    init(_ host: Ledger.Host) {
        conflict = Conflict(existingHost: host, message: "FQDN or IP already exists")
    }
}

/// Any other refusal of an order.
struct Refusal: Codable, Sendable {
    var error: String
    var hint: String?
}

/// An order to make a certificate by hand.
struct IssueOrder: Codable, Sendable {
    var fqdn: String
    var names: [String] = []
    var addresses: [String] = []
    var signingRequest: String?
    var isClient = false
}

/// What came of it; holds a private key, so it is written to files and never shown.
struct IssueResult: Codable, Sendable {
    var serial: String
    var expiresAt: WallTime
    var ca: String
    var certificate: String
    var key: String?
    var list: String
}
