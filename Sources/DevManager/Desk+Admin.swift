import FoundationEssentials
import OpenSSL
public import Values

/// What a person at the manager orders.
extension Desk {
    /// Approves a waiting request and makes its bundle, which the agent's next poll receives. A known host of the same
    /// name or address is a collision (409 at the manager), unless it may be replaced.
    public mutating func approve(_ name: String, replace: Bool, at now: WallTime) throws(AdminFault) -> Ledger.Host {
        let index = try ledger.enrollment(named: name)
        let row = ledger.enrollments[index]
        if let known = ledger.hosts.first(where: { $0.fqdn == row.fqdn || $0.address == row.address }), !replace {
            throw .collision(known)
        }
        let issued: Issued
        do {
            issued = try certifier.issue(
                for: Applicant(
                    fqdn: row.fqdn, address: Self.address(row.address),
                    signingRequest: rules.signsRequests ? row.signingRequest : nil),
                revoked: ledger.revoked(at: now), fault: deliveryFault(at: .status), at: now)
        } catch {
            throw .issuing("\(error)")
        }
        for replaced in ledger.hosts where replaced.fqdn == row.fqdn || replaced.address == row.address {
            revokeCertificates(of: replaced.id, at: now)
        }
        ledger.hosts.removeAll { $0.fqdn == row.fqdn || $0.address == row.address }
        let host = Ledger.Host(id: row.id, fqdn: row.fqdn, address: row.address, approvedAt: now)
        ledger.hosts.append(host)
        record(issued, hostID: row.id)
        ledger.enrollments.remove(at: index)
        bundles[row.tokenDigest] = (issued.bundle, now + rules.bundleLife, row.fqdn)
        return host
    }

    /// Removes a request, as the manager does: its token is not found from then on.
    @discardableResult
    public mutating func deny(_ name: String) throws(AdminFault) -> Ledger.Enrollment {
        ledger.end(try ledger.enrollment(named: name), as: .denied)
    }

    /// Makes a request as old as the manager lets one become.
    @discardableResult
    public mutating func expire(_ name: String) throws(AdminFault) -> Ledger.Enrollment {
        ledger.end(try ledger.enrollment(named: name), as: .expired)
    }

    /// Puts a serial number on the revocation list; spelled with or without colons and leading zeros.
    @discardableResult
    public mutating func revoke(_ serial: String, at now: WallTime) throws(AdminFault) -> Ledger.CertificateRow {
        let wanted = Self.normal(serial)
        guard let index = ledger.certificates.firstIndex(where: { Self.normal($0.serial) == wanted }) else {
            throw .unknownSerial(serial)
        }
        ledger.certificates[index].revokedAt = ledger.certificates[index].revokedAt ?? now
        return ledger.certificates[index]
    }

    /// Deletes a host and with it, as the manager does, what is known of its certificates: they reach no revocation
    /// list any more.
    @discardableResult
    public mutating func forget(_ fqdn: String) throws(AdminFault) -> Ledger.Host {
        guard
            let index = ledger.hosts.firstIndex(where: {
                $0.fqdn.lowercased() == fqdn.lowercased() || $0.address == fqdn
            })
        else { throw .unknownHost(fqdn) }
        let host = ledger.hosts.remove(at: index)
        ledger.certificates.removeAll { $0.hostID == host.id }
        return host
    }

    /// A bundle made by hand, as the manager's certificate page does.
    public mutating func issue(for applicant: Applicant, at now: WallTime) throws(AdminFault) -> Issued {
        let issued: Issued
        do {
            issued = try certifier.issue(
                for: applicant, revoked: ledger.revoked(at: now), fault: deliveryFault(at: .status), at: now)
        } catch {
            throw .issuing("\(error)")
        }
        record(issued, hostID: ledger.hosts.first { $0.fqdn == applicant.fqdn }?.id)
        return issued
    }

    /// Takes the place of every misbehaviour before; none is the end of it.
    public mutating func misbehave(_ misbehaviours: [Misbehaviour]) { ledger.misbehaviours = misbehaviours }

    /// When the bundles that nobody has fetched yet are dropped.
    public func bundlesWaiting(at now: WallTime) -> [(fqdn: String, until: WallTime)] {
        bundles.values.filter { $0.until > now }.map { ($0.fqdn, $0.until) }.sorted { $0.fqdn < $1.fqdn }
    }

    private mutating func record(_ issued: Issued, hostID: String?) {
        ledger.certificates.append(
            Ledger.CertificateRow(
                serial: issued.serial, commonName: issued.commonName, hostID: hostID, expiresAt: issued.expiresAt))
    }

    private mutating func revokeCertificates(of hostID: String, at now: WallTime) {
        for index in ledger.certificates.indices where ledger.certificates[index].hostID == hostID {
            ledger.certificates[index].revokedAt = ledger.certificates[index].revokedAt ?? now
        }
    }

    /// Postgres shows an address with its prefix length; a certificate holds the address alone.
    private static func address(_ text: String) -> IPAddress? {
        text.split(separator: "/").first.flatMap { IPAddress(String($0)) }
    }

    private static func normal(_ serial: String) -> String {
        let digits = serial.lowercased().filter(\.isHexDigit)
        return String(digits.drop { $0 == "0" })
    }

    /// 64 letters and digits, as the manager makes them.
    static func token() -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<64).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func identifier() -> String { UUID().uuidString.lowercased() }
}
