public import Values

/// What became of one host that was asked: one of five, so that they always add up to the hosts.
public struct Outcome: Hashable, Sendable, Codable {
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// Its bundle is here, and is what its host sealed.
        case kept
        /// The host answered, and gave no evidence that can be kept.
        case refused
        /// Its time was over before its bundle was here.
        case timedOut = "timed_out"
        /// No session came about.
        case unreachable
        /// The session ended amid the bundle; what came is kept apart, as no evidence.
        case partial
    }

    public var schema = Outcome.format
    public var host: String
    public var kind: Kind
    /// In words for a person, and harmless; nil where it is kept.
    public var why: String?
    /// When it was over, by this machine's clock.
    public var time: WallTime
    /// Seconds that it took, all attempts together.
    public var seconds: Double
    /// How often a session was begun.
    public var sessions: Int
    /// Bytes that came.
    public var bytes: UInt64
    public var bundle: Bundle?

    public static let format = "patch-doctor.roll-call/1"

    /// What the bundle says of itself.
    public struct Bundle: Hashable, Sendable, Codable {
        /// Of its manifest: its name here.
        public var digest: Digest
        /// What the host calls itself; harmless.
        public var named: String
        /// SHA-256 of machine-id(5).
        public var machine: Digest?
        public var sealed: WallTime?
        /// The fingerprint of the certificate that signed it; nil where nobody did.
        public var signer: Digest?
        public var verdict: String
        /// Ids of findings, sorted: what sustains it, and what began it.
        public var roots: [String]
        public var origins: [String]
    }

    init(
        _ kind: Kind, _ host: FleetHost, why: String? = nil, time: WallTime, seconds: Double, sessions: Int,
        bytes: UInt64, bundle: Bundle? = nil
    ) {
        self.host = host.name
        self.kind = kind
        self.why = why
        self.time = time
        self.seconds = seconds
        self.sessions = sessions
        self.bytes = bytes
        self.bundle = bundle
    }
}
