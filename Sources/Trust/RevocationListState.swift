public import OpenSSL
public import Values

/// What the revocation list at hand is worth.
public enum RevocationListState: Hashable, Sendable {
    case valid(RevocationList)
    /// Signed by the CA, but its nextUpdate is past: what it says is still true, and there may be more.
    case expired(RevocationList)
    case missing
    /// No list, or not signed by the CA.
    case invalid(reason: String)
    /// It could not be read; or it was, and speaks of some certificates only.
    case degraded(reason: String, RevocationList? = nil)

    /// Upstream's word for it, as /health shows it.
    public var word: String {
        switch self {
        case .valid: "valid"
        case .expired: "expired"
        case .missing: "missing"
        case .invalid: "invalid"
        case .degraded: "degraded"
        }
    }

    /// The list that may be looked up in: whom it names is revoked, even if it says nothing of others.
    public var list: RevocationList? {
        switch self {
        case .valid(let list), .expired(let list): list
        case .degraded(_, let list): list
        case .missing, .invalid: nil
        }
    }

    /// For a person: the word, and what is behind it.
    public var explanation: String {
        switch self {
        case .valid(let list): list.nextUpdate.map { "valid until \($0.rfc3339)" } ?? "valid"
        case .expired(let list): "expired" + (list.nextUpdate.map { " at \($0.rfc3339)" } ?? "")
        case .missing: "missing"
        case .invalid(let reason): "invalid: \(reason)"
        case .degraded(let reason, _): "degraded: \(reason)"
        }
    }

    /// The same list at another time: what was valid expires by itself.
    public func at(_ now: WallTime) -> RevocationListState {
        switch self {
        case .valid(let list), .expired(let list):
            guard let nextUpdate = list.nextUpdate, nextUpdate < now else { return .valid(list) }
            return .expired(list)
        case .missing, .invalid, .degraded: return self
        }
    }

    /// Judges what was found where the list should be: its bytes, nil for no file, or why it could not be read.
    ///
    /// A list counts only if one of the CA's certificates signed it. One that begins in the future is believed: it is
    /// the CA's word, and more likely our clock is wrong.
    public static func judge<Failure>(
        bytes: Result<[UInt8]?, Failure>, issuers: [Certificate], at now: WallTime
    ) -> RevocationListState {
        let found: [UInt8]?
        switch bytes {
        case .success(let content): found = content
        case .failure(let failure): return .degraded(reason: "\(failure)".harmless())
        }
        // The manager sends an empty text where it has no list.
        guard let found, !found.allSatisfy({ [9, 10, 13, 32].contains($0) }) else { return .missing }
        let list: RevocationList
        do throws(OpenSSLError) {
            list = try RevocationList(found)
        } catch {
            return .invalid(reason: error.reason)
        }
        guard issuers.contains(where: { list.isIssued(by: $0) && list.isSigned(by: $0) }) else {
            return .invalid(reason: "it is not signed by the CA but says that it is by '\(list.issuer)'")
        }
        guard list.isComplete else {
            return .degraded(reason: "it speaks of some certificates or reasons only", list)
        }
        return RevocationListState.valid(list).at(now)
    }
}

/// What to do with a peer whose revocation can't be told for certain.
public enum ListPolicy: Hashable, Sendable {
    /// As upstream does: a valid or expired list is looked up in, a missing or degraded one lets everybody pass (and is
    /// worth a warning), an invalid one nobody.
    case prefer
    /// Nobody passes without a valid list.
    case require
}
