public import Values

/// What came of a plan: every step, what was taken back, and how the host is in the end.
public struct Outcome: Sendable, Hashable, Encodable {
    public enum Result: String, Sendable, Hashable, Encodable {
        /// All steps ran, and the host was seen healthy for the settling time.
        case healed
        /// The unit was stopped, as was asked for; its cause is still there.
        case stopped
        /// A step failed, or the host is not healthy in the end: what can be undone was undone.
        case notHealed = "not-healed"
        /// A person ended it before its end.
        case declined
        /// What an earlier run had done was taken back, on request.
        case undone
    }

    public let schema = "patch-doctor.remediation/1"
    public let plan: Digest
    public let evidence: Digest
    public var result: Result
    /// One sentence.
    public var summary: String
    public var steps: [StepOutcome]
    public var undone: [Undoing]
    /// What is still so and can't be taken back.
    public var lasting: [String]
    /// The evidence of how the host is afterwards, kept where it was not healed.
    public var evidenceAfter: KeptEvidence?

    enum CodingKeys: String, CodingKey {
        case schema, plan, evidence, result, summary, steps, undone, lasting
        case evidenceAfter = "evidence_after"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(schema, forKey: .schema)
        try container.encode(plan.labelled, forKey: .plan)
        try container.encode(evidence.labelled, forKey: .evidence)
        try container.encode(result, forKey: .result)
        try container.encode(summary, forKey: .summary)
        try container.encode(steps, forKey: .steps)
        try container.encode(undone, forKey: .undone)
        try container.encode(lasting, forKey: .lasting)
        try container.encodeIfPresent(evidenceAfter, forKey: .evidenceAfter)
    }

    public struct StepOutcome: Sendable, Hashable, Encodable {
        public let number: Int
        public let command: String
        public let result: StepResult
        public let words: String
    }

    public struct Undoing: Sendable, Hashable, Encodable {
        public let number: Int
        public let succeeded: Bool
        public let words: String
    }

    public struct KeptEvidence: Sendable, Hashable, Encodable {
        public let path: String
        public let digest: Digest

        public init(path: String, digest: Digest) {
            self.path = path
            self.digest = digest
        }

        enum CodingKeys: String, CodingKey { case path, digest }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(path, forKey: .path)
            try container.encode(digest.labelled, forKey: .digest)
        }
    }
}
