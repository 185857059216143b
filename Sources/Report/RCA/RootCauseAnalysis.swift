public import Diagnose
public import Values

/// A root cause analysis, written from sealed bundles alone: what is said in it cites the item that it rests on.
///
/// Its JSON form is `patch-doctor.rca/1` (docs/rca.schema.json), which grows without renaming. The Markdown form has the
/// parts of `RCA/TEMPLATE.md` in their order.
public struct RootCauseAnalysis: Sendable, Encodable {
    public let schema = "patch-doctor.rca/1"
    public let version = Version.current
    public let title: String
    public let summary: [Claim]
    public let evidence: [Host]
    /// Bundles that were given and are no evidence, with the reason.
    public let refused: [Refusal]
    public let timeline: [Event]
    public let restarts: [Claim]
    /// Roots, then origins, then what contributes.
    public let causes: [Cause]
    /// Hosts on which no cause was found, and why.
    public let withoutCause: [Claim]
    public let ruledOut: [Cleared]
    public let actions: [Action]
    public let prevention: [Measure]
    public let limits: [Claim]
    public let items: [EvidenceItem]

    enum CodingKeys: String, CodingKey {
        case schema, version, title, summary, evidence, refused, timeline, restarts, causes
        case withoutCause = "without_cause"
        case ruledOut = "ruled_out"
        case actions, prevention, limits, items
    }

    /// One row of the evidence: a host and its bundle.
    public struct Host: Sendable, Encodable {
        public let host: String
        public let unit: UnitName
        public let verdict: Health
        public let bundle: String
        public let manifest: String
        public let observed: WallTime
        public let sealed: WallTime
        public let restarts: Claim
        /// Whether it was kept before anything was changed, as far as custody and journal tell.
        public let kept: Claim
        public let custody: Claim
    }

    /// A bundle that is no evidence.
    public struct Refusal: Sendable, Encodable {
        public let bundle: String
        public let because: String

        public init(bundle: String, because: String) {
            self.bundle = bundle.harmless(limit: 300)
            self.because = because.harmless(limit: 600)
        }
    }

    /// Something that happened, or went on happening until `last`.
    public struct Event: Sendable, Encodable {
        public let first: WallTime
        public let last: WallTime?
        public let host: String
        /// How many attempts failed, where that is what happened.
        public let failures: Int?
        public let what: Claim
    }

    /// One id in one role, on every host where it plays that role.
    public struct Cause: Sendable, Encodable {
        public let role: Role
        public let id: String
        public let title: String
        public let statements: [Statement]
    }

    /// What was found on one host, and the facts it rests on.
    public struct Statement: Sendable, Encodable {
        public let host: String
        public let confidence: Confidence
        public let what: Claim
        public let facts: [CitedFact]
    }

    public struct CitedFact: Sendable, Encodable {
        public let value: String
        public let source: String
        public let item: Citation
    }

    /// A suspect that was checked, and what clears it.
    public struct Cleared: Sendable, Encodable {
        public let id: String
        public let hosts: [String]
        /// Whether it is of the kind that a reader asks about: of the section of a root or an origin.
        public let related: Bool
        public let because: Claim
    }

    /// What ends a cause, for a person to approve: the runbook's own words, with the hosts' names filled in.
    public struct Action: Sendable, Encodable {
        public let id: String
        public let role: Role
        public let title: String
        public let runbook: String
        /// Whom it is about, a host at a time.
        public let about: [Claim]
        public let instructions: String
        public let commands: [Erasure]
    }

    /// What keeps it from coming again.
    public struct Measure: Sendable, Encodable {
        public let why: Claim
        /// The finding that `patch-doctor explain` tells more of.
        public let id: String?
        /// A file to be put in place.
        public let file: File?

        public struct File: Sendable, Encodable {
            public let path: String
            public let text: String
        }
    }

    /// Writes the analysis. nil where there is no bundle at all.
    public init?(of witnesses: [Witness], refused: [Refusal] = []) {
        guard !witnesses.isEmpty else { return nil }
        var draft = RCADraft(witnesses)
        title = draft.title
        summary = draft.summary()
        evidence = draft.hosts()
        self.refused = refused
        timeline = draft.timeline()
        restarts = draft.restarts()
        causes = draft.causes()
        withoutCause = draft.withoutCause()
        ruledOut = draft.ruledOut()
        actions = draft.actions()
        prevention = draft.prevention()
        limits = draft.limits()
        items = draft.register.sorted
    }
}
