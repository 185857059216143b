import Issuing
import OpenSSL
import Testing
import Trust
import Values

/// A certificate authority of one test's own, at a fixed time.
struct TestPKI {
    static let now = WallTime(rfc3339: "2026-11-23T12:00:00Z") ?? WallTime(microseconds: 0)
    static let day: Int64 = 86400

    let authority: Authority

    init(_ commonName: String = "Test CA", from: WallTime = now, days: Int64 = 3650) throws {
        authority = try Authority.make(commonName: commonName, now: from, days: days)
    }

    static func profile(_ purpose: CertificateProfile.Purpose) -> CertificateProfile {
        var profile = CertificateProfile(
            purpose, commonName: "peer", notBefore: now, notAfter: now + .seconds(365 * day))
        profile.dnsNames = ["manager.example.test"]
        profile.addresses = [IPAddress("192.0.2.7"), IPAddress("2001:db8::7")].compactMap(\.self)
        return profile
    }

    /// A certificate of the CA, after `change` to an otherwise good profile.
    func certificate(
        _ purpose: CertificateProfile.Purpose, _ change: (inout CertificateProfile) -> Void = { _ in }
    ) throws -> Certificate {
        var profile = TestPKI.profile(purpose)
        change(&profile)
        return try one(in: authority.issue(profile, for: .generate()))
    }

    func one(in pem: [UInt8]) throws -> Certificate { try #require(CertificateBundle(pem).certificates.first) }

    /// A list of the CA's, in the state that it has at `now`.
    func list(revoking revoked: [Certificate] = [], until end: WallTime = now + .seconds(day)) throws
        -> RevocationListState
    {
        let bytes = try authority.revocationList(
            revoked: revoked.map { ($0.serial, TestPKI.now) }, thisUpdate: TestPKI.now + .seconds(-3600),
            nextUpdate: end, number: 7)
        return .judge(bytes: found(bytes), issuers: [authority.certificate], at: TestPKI.now)
    }

    func judge(
        _ list: RevocationListState = .missing, purpose: PeerJudge.Purpose = .client, policy: ListPolicy = .prefer
    ) throws -> PeerJudge {
        try PeerJudge(anchors: [authority.certificate], list: list, purpose: purpose, listPolicy: policy)
    }
}

/// A file that was there, as `RevocationListState.judge` takes it.
func found(_ bytes: [UInt8]?) -> Result<[UInt8]?, OpenSSLError> { .success(bytes) }

extension PeerJudge {
    /// One certificate, at the time of the tests or another one.
    func judge(_ one: Certificate, at now: WallTime = TestPKI.now, host: String? = nil) -> PeerVerdict {
        judge([one.der], at: now, host: host)
    }
}

extension PeerVerdict {
    var fault: PeerFault? {
        guard case .refused(let fault) = self else { return nil }
        return fault
    }

    /// What is refused for no chain, in a word.
    var isUntrusted: Bool {
        guard case .untrusted = fault else { return false }
        return true
    }
}
