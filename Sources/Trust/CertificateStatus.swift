public import Evidence
public import Values

/// What a start-up does with the certificates that it finds: the first thing that is wrong, in the order in which one
/// hides the next.
public enum CertificateStatus: Hashable, Sendable, CustomStringConvertible {
    case valid
    case expiringSoon(notAfter: WallTime)
    case missing([String])
    case unreadable(path: String, blockedAt: String)
    case corrupt(path: String, reason: String)
    case keyMismatch
    case untrusted(reason: String)
    case wrongPurpose
    case revoked
    case notYetValid(path: String, notBefore: WallTime)
    case expired(path: String, notAfter: WallTime)
    /// Something that is needed could not be seen.
    case unknown(Absence)

    /// Whether a server may start with them.
    public var isUsable: Bool {
        switch self {
        case .valid, .expiringSoon: true
        default: false
        }
    }

    public var description: String {
        switch self {
        case .valid: "Valid"
        case .expiringSoon(let notAfter): "ExpiringSoon (not_after=\(notAfter.rfc3339))"
        case .missing(let paths): "Missing: [\(paths.joined(separator: ", "))]"
        case .unreadable(let path, let blockedAt): "Unreadable: \(path) (blocked at \(blockedAt))"
        case .corrupt(let path, let reason): "Corrupt: \(path) (\(reason))"
        case .keyMismatch: "KeyMismatch"
        case .untrusted(let reason): "Untrusted: \(reason)"
        case .wrongPurpose: "WrongPurpose"
        case .revoked: "Revoked"
        case .notYetValid(let path, let notBefore): "NotYetValid: \(path) (not_before=\(notBefore.rfc3339))"
        case .expired(let path, let notAfter): "Expired: \(path) (not_after=\(notAfter.rfc3339))"
        case .unknown(let absence): "Unknown: \(absence.what): \(absence.why)"
        }
    }
}

extension CertificatesFact {
    /// Judges what was seen against a clock; certificates that end within `threshold` are to be renewed.
    public func status(at now: WallTime, renewingWithin threshold: Interval) -> CertificateStatus {
        let needed = files.filter { $0.role != .crl }
        let absent = needed.filter { $0.exists == false }.map(\.path)
        guard absent.isEmpty else { return .missing(absent) }
        for file in needed {
            if let absence = file.file.absence ?? file.unread { return .unknown(absence) }
            if file.readableByService.known == false {
                return .unreadable(path: file.path, blockedAt: file.blockedAt ?? file.path)
            }
            if let reason = file.parseError { return .corrupt(path: file.path, reason: reason) }
        }
        do throws(Absence) {
            guard try keyMatches.required else { return .keyMismatch }
            let chain = try chain.required
            guard chain.trusted else { return .untrusted(reason: "\(chain.reason): \(chain.subject)") }
            guard try serverPurpose.required else { return .wrongPurpose }
        } catch {
            return .unknown(error)
        }
        if revoked.known == true { return .revoked }
        return validity(at: now, renewingWithin: threshold)
    }

    private func validity(at now: WallTime, renewingWithin threshold: Interval) -> CertificateStatus {
        guard let server = self[.certificate], let ca = self[.ca], let leaf = server.certificates.first else {
            return .missing(files.map(\.path))
        }
        var issuers = Set(server.certificates.map(\.issuer))
        issuers.insert(leaf.issuer)
        // Of several CAs in the file only the one counts that the chain ends in. An older reading does not say which:
        // then those that it can end in, and one good one is enough.
        let anchor = chain.known?.anchor
        let anchors = ca.certificates.filter {
            if let anchor { return $0.fingerprint == anchor }
            return issuers.contains($0.subject) || $0.fingerprint == leaf.fingerprint
        }
        let current = anchors.filter { $0.notBefore <= now && now <= $0.notAfter }
        if current.isEmpty, let anchor = anchors.first {
            return now < anchor.notBefore
                ? .notYetValid(path: ca.path, notBefore: anchor.notBefore)
                : .expired(path: ca.path, notAfter: anchor.notAfter)
        }
        for one in server.certificates {
            if now < one.notBefore { return .notYetValid(path: server.path, notBefore: one.notBefore) }
            if now > one.notAfter { return .expired(path: server.path, notAfter: one.notAfter) }
        }
        return leaf.notAfter < now + threshold ? .expiringSoon(notAfter: leaf.notAfter) : .valid
    }
}
