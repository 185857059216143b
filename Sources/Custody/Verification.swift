public import Values

/// What checking a bundle showed.
public struct Verification: Sendable, Hashable {
    /// The bundle, as it was named.
    public let path: String
    /// Of `manifest.json` as it is now; nil where there is none.
    public let digest: Digest?
    /// Everything that is not as it was sealed; empty where all is.
    public let alterations: [Alteration]
    public let signature: SignatureState
    public let custody: CustodySummary
    /// How many files the manifest lists, and their size together.
    public let files: Int
    public let size: Bytes
    /// Their digests by path, as the manifest lists them.
    public let digests: [String: Digest]
    /// Host and time of the seal, as the manifest says.
    public let host: String?
    public let sealed: WallTime?
    /// What is worth knowing and changes no verdict.
    public let notes: [String]
    /// The evidence; only where nothing was altered.
    public let evidence: SealedEvidence?

    public var isIntact: Bool { evidence != nil }
}

/// One thing that is not as it was sealed.
public struct Alteration: Sendable, Hashable, Codable {
    public enum Kind: String, Sendable, Hashable, Codable { case changed, added, removed }

    public let kind: Kind
    /// Relative to the bundle; harmless for printing.
    public let path: String
    public let detail: String

    init(_ kind: Kind, _ path: String, _ detail: String) {
        self.kind = kind
        self.path = path.harmless(limit: 300)
        self.detail = detail
    }
}

/// What the signature over the manifest says.
public enum SignatureState: Sendable, Hashable {
    /// It holds. Whether this signer deserves trust is for whoever knows the fingerprint or has the CA.
    case valid(subject: String, fingerprint: Digest)
    case invalid(why: String)
    /// The bundle was sealed without one: it then shows accidents, and not a forger who seals anew.
    case unsigned(because: String)
    /// There is no manifest that would tell.
    case unknown
}

/// The chain of custody in two figures, which a person can write down and compare later, and what it tells.
public struct CustodySummary: Sendable, Hashable {
    public let entries: Int
    /// What was done with the bundle and when, first line first.
    public let acts: [CustodyAct]
    /// The last line's hash: the chain can't show that lines were taken off its end, this can.
    public let head: Digest?
}

/// One line of the chain of custody.
public struct CustodyAct: Sendable, Hashable {
    public let event: CustodyEvent
    public let time: WallTime
}
