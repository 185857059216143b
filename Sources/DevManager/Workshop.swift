import Issuing
import Linux
import OpenSSL
import Values

/// The manager's CA at work: the certificate profile of the real manager (contract §3.4), and every fault that is asked
/// for.
struct Workshop: Certifying {
    /// A certificate and, where it was made here, its key.
    struct Minted: Sendable {
        var certificatePEM: String
        var key: PrivateKeyText?
        var serial: String
    }

    let authority: Authority
    let caPEM: String
    /// Another CA of the same name, for faults; a new one in each run.
    private let stranger: Authority

    static let day = Interval.seconds(86400)

    init(authority: Authority, at now: WallTime) throws {
        self.authority = authority
        caPEM = String(decoding: authority.certificatePEM, as: UTF8.self)
        stranger = try Self.makeAuthority(at: now)
    }

    /// Takes the CA of a state directory, making one where there is none, and a client certificate to dial agents with.
    init(opening state: borrowing StateDirectory, at now: WallTime) throws {
        if let certificate = try state.contents(of: "ca.pem"), let key = try state.contents(of: "ca.key") {
            try self.init(authority: Authority(certificatePEM: certificate, keyPEM: key), at: now)
        } else {
            try self.init(authority: Self.makeAuthority(at: now), at: now)
            // The key first: a certificate without its key would be taken for a CA that can't sign.
            try state.write("ca.key", authority.keyPEM)
            try state.write("ca.pem", authority.certificatePEM, mode: 0o644)
        }
        guard try !state.contains("client.pem") || !state.contains("client.key") else { return }
        var applicant = Applicant(fqdn: "patch-manager-dev", address: nil)
        applicant.isClient = true
        let client = try leaf(for: applicant, fault: nil, at: now)
        try state.write("client.key", Array((client.key?.pem ?? "").utf8))
        try state.write("client.pem", Array(client.certificatePEM.utf8), mode: 0o644)
    }

    /// As the manager makes it at installation: P-256, ten years.
    static func makeAuthority(at now: WallTime) throws -> Authority {
        try Authority.make(commonName: "Patch Manager Root CA", organization: "Patch Manager", now: now, days: 3650)
    }

    func issue(for applicant: Applicant, revoked: [Revoked], fault: DeliveryFault?, at now: WallTime) throws -> Issued {
        let minted = try leaf(for: applicant, fault: fault, at: now)
        var key = minted.key?.pem
        if fault == .wrongKey { key = String(decoding: try PrivateKey.generate().pem, as: UTF8.self) }
        var revoked = revoked
        if fault == .revokedLeaf { revoked.append(Revoked(serial: minted.serial, at: now)) }
        let list =
            fault == .strangeCA
            ? try signed([], by: stranger, fault: nil, at: now)
            : try revocationList(of: revoked, fault: fault, at: now)
        let ca = fault == .strangeCA ? String(decoding: stranger.certificatePEM, as: UTF8.self) : caPEM
        let suffix = applicant.isClient ? "" : "-server"
        return Issued(
            bundle: Bundle(ca: ca, certificate: minted.certificatePEM, key: key, list: list),
            commonName: applicant.fqdn + suffix, serial: minted.serial, expiresAt: now + days(365))
    }

    func revocationList(of revoked: [Revoked], fault: DeliveryFault?, at now: WallTime) throws -> String {
        if fault == .noCRL { return "" }
        return try signed(revoked, by: fault == .badCRL ? stranger : authority, fault: fault, at: now)
    }

    /// 24 hours long, numbered by its second, as the manager's.
    private func signed(
        _ revoked: [Revoked], by authority: Authority, fault: DeliveryFault?, at now: WallTime
    ) throws -> String {
        let age = fault == .expiredCRL ? Interval.seconds(25 * 3600) : .seconds(0)
        let thisUpdate = WallTime(microseconds: now.microseconds - age.microseconds)
        let list = try authority.revocationList(
            revoked: revoked.map { (serial: $0.serial, date: $0.at) }, thisUpdate: thisUpdate,
            nextUpdate: thisUpdate + Self.day, number: UInt64(max(0, now.seconds)))
        return String(decoding: list, as: UTF8.self)
    }

    private func leaf(for applicant: Applicant, fault: DeliveryFault?, at now: WallTime) throws -> Minted {
        let isClient = applicant.isClient || fault == .clientLeaf
        var profile = CertificateProfile(
            isClient ? .client : .server, commonName: applicant.fqdn + (applicant.isClient ? "" : "-server"),
            notBefore: now, notAfter: now + days(365))
        if !applicant.isClient, fault != .noSAN {
            profile.dnsNames = [applicant.fqdn] + applicant.names
            profile.addresses = applicant.addresses
        }
        switch fault {
        case .expiredLeaf:
            profile.notBefore = now + days(-2)
            profile.notAfter = now + .seconds(-3600)
        case .futureLeaf: profile.notBefore = now + .seconds(3600)
        case .caLeaf: profile.isCA = true
        default: break
        }
        let signer = fault == .wrongCA || fault == .strangeCA ? stranger : authority
        return try mint(profile, by: signer, request: applicant.signingRequest)
    }

    /// The manager's own key, which keeps its fingerprint from run to run.
    func ownKey(in state: borrowing StateDirectory) throws -> PrivateKeyText {
        if let bytes = try state.contents(of: "manager.key") {
            return PrivateKeyText(String(decoding: bytes, as: UTF8.self))
        }
        let key = try PrivateKey.generate().pem
        try state.write("manager.key", key)
        return PrivateKeyText(String(decoding: key, as: UTF8.self))
    }

    /// The manager's own TLS certificate, for its own key; the fault of another CA comes with another key too, so that a
    /// pinned fingerprint finds it out.
    func ownCertificate(
        for key: PrivateKeyText, names: [String], address: IPAddress, fault: TLSFault?, at now: WallTime
    ) throws -> (certificatePEM: String, key: PrivateKeyText) {
        var profile = CertificateProfile(
            .server, commonName: "patch-manager-dev", notBefore: now + .seconds(-60), notAfter: now + days(365))
        profile.dnsNames = names
        profile.addresses = address.isWildcard ? IPAddress.ofInterfaces : [address]
        switch fault {
        case .expired:
            profile.notBefore = now + days(-30)
            profile.notAfter = now + days(-1)
        case .wrongName:
            profile.dnsNames = ["elsewhere.invalid"]
            profile.addresses = []
        case .otherCA:
            let minted = try mint(profile, by: stranger, request: nil)
            return (minted.certificatePEM, minted.key ?? key)
        case nil: break
        }
        let own = try PrivateKey(pem: Array(key.pem.utf8))
        let pem = try authority.issue(profile, for: own)
        return (String(decoding: pem, as: UTF8.self), key)
    }

    private func mint(_ profile: CertificateProfile, by signer: Authority, request: String?) throws -> Minted {
        var key: PrivateKeyText?
        let pem: [UInt8]
        if let request {
            pem = try signer.issue(profile, forRequest: Array(request.utf8))
        } else {
            let own = try PrivateKey.generate()
            key = PrivateKeyText(String(decoding: own.pem, as: UTF8.self))
            pem = try signer.issue(profile, for: own)
        }
        guard let certificate = CertificateBundle(pem).certificates.first else {
            throw OpenSSLError("read the certificate", reason: "it was just made")
        }
        return Minted(
            certificatePEM: String(decoding: pem, as: UTF8.self), key: key, serial: certificate.serial)
    }
}

private func days(_ count: Int64) -> Interval { .seconds(count * 86400) }
