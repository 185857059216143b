public import Values

/// What the manager keeps on disk: everything but bundles, and no secret.
public struct Ledger: Hashable, Sendable, Codable {
    /// A host that waits for a person.
    public struct Enrollment: Hashable, Sendable, Codable {
        public var id: String
        public var machineID: String
        public var fqdn: String
        public var address: String
        public var hostname: String?
        public var osDetails: JSONValue
        public var signingRequest: String?
        /// Of the polling token, which itself is kept nowhere.
        public var tokenDigest: Digest
        public var createdAt: WallTime
        public var expiresAt: WallTime
    }

    /// A host that was approved.
    public struct Host: Hashable, Sendable, Codable {
        public var id: String
        public var fqdn: String
        public var address: String
        public var approvedAt: WallTime
    }

    public struct CertificateRow: Hashable, Sendable, Codable {
        public var serial: String
        public var commonName: String
        /// The host that it was made for; nil where it was issued by hand.
        public var hostID: String?
        public var expiresAt: WallTime
        public var revokedAt: WallTime?
    }

    /// How a request ended, which only the documented dialect tells.
    public enum Ending: String, Hashable, Sendable, Codable { case denied, expired }

    public var version = 1
    public var enrollments: [Enrollment] = []
    public var hosts: [Host] = []
    public var certificates: [CertificateRow] = []
    /// By the digest of the token; the last thousand.
    public var endings: [End] = []
    public var misbehaviours: [Misbehaviour] = []

    public struct End: Hashable, Sendable, Codable {
        public var tokenDigest: Digest
        public var ending: Ending
    }

    public init() {}

    /// What a revocation list names: revoked, and not yet expired.
    func revoked(at now: WallTime) -> [Revoked] {
        certificates.compactMap { row in
            guard row.expiresAt > now, let at = row.revokedAt else { return nil }
            return Revoked(serial: row.serial, at: at)
        }
    }

    /// The request that a person means: by its id, the unambiguous beginning of one, or its fqdn.
    func enrollment(named name: String) throws(AdminFault) -> Int {
        let name = name.lowercased()
        if let index = enrollments.firstIndex(where: { $0.id == name }) { return index }
        let matches = enrollments.indices.filter {
            enrollments[$0].fqdn.lowercased() == name || !name.isEmpty && enrollments[$0].id.hasPrefix(name)
        }
        guard matches.count < 2 else { throw .ambiguous(name, matches.map { enrollments[$0].id }) }
        guard let index = matches.first else { throw .unknownEnrollment(name) }
        return index
    }

    mutating func end(_ index: Int, as ending: Ending) -> Enrollment {
        let row = enrollments.remove(at: index)
        endings.append(End(tokenDigest: row.tokenDigest, ending: ending))
        if endings.count > 1000 { endings.removeFirst(endings.count - 1000) }
        return row
    }
}

/// Why an order of the administrator's was not carried out.
public enum AdminFault: Error, Hashable, Sendable, CustomStringConvertible {
    case unknownEnrollment(String)
    case ambiguous(String, [String])
    case unknownHost(String)
    case unknownSerial(String)
    case collision(Ledger.Host)
    case issuing(String)

    public var description: String {
        switch self {
        case .unknownEnrollment(let name): "no request '\(name.harmless(limit: 100))' is waiting"
        case .ambiguous(let name, let ids):
            "'\(name.harmless(limit: 100))' may mean any of " + ids.prefix(5).joined(separator: ", ")
        case .unknownHost(let name): "no host '\(name.harmless(limit: 100))' is known"
        case .unknownSerial(let serial): "no certificate '\(serial.harmless(limit: 100))' was issued"
        case .collision(let host):
            "a host with this name or address is known: \(host.fqdn.harmless(limit: 100)) "
                + "(\(host.address.harmless(limit: 100)))"
        case .issuing(let reason): "the certificate can't be made: \(reason)"
        }
    }
}
