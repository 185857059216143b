import Custody
public import Diagnose
import FoundationEssentials
import OpenSSL
public import Values

/// What is proposed for one host, to be read and approved: nothing in it has been done.
///
/// A pure function of sealed evidence and its diagnosis, so that a plan is the same wherever it is made, and its digest
/// names bundle and steps: what is approved is what runs.
public struct Plan: Sendable, Hashable, Encodable {
    public let schema = "patch-doctor.plan/1"
    /// The evidence it rests on.
    public let evidence: Digest
    public let host: String
    public let unit: UnitName
    public let port: Port
    public let verdict: Health
    /// In the order in which they run: those that destroy least come first.
    public let steps: [Step]
    /// What is not ours to do: commands for a person, and whom to ask.
    public let advice: [Advice]
    /// Of bundle and steps.
    public let digest: Digest

    /// It is to stop the unit, and not to heal it.
    public var stopsUnit: Bool {
        steps.contains { if case .stop = $0.action { true } else { false } }
    }

    /// One step, in the words that a person approves.
    public struct Step: Sendable, Hashable, Encodable {
        public let number: Int
        public let action: Action
        /// The findings it answers, each with its subject.
        public let because: [Reason]

        public struct Reason: Sendable, Hashable, Encodable {
            public let finding: String
            public let subject: String
        }

        public var command: String { action.deed.command }
        public var precondition: String { action.deed.precondition }
        public var success: String { action.deed.success }
        public var undo: String? { action.deed.undo }
        public var destroys: String { action.deed.destroys }

        enum CodingKeys: String, CodingKey {
            case number, kind, details, because, command, precondition, success, undo, destroys
        }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(number, forKey: .number)
            try container.encode(action.kind, forKey: .kind)
            try container.encode(action.deed.details, forKey: .details)
            try container.encode(because, forKey: .because)
            try container.encode(command, forKey: .command)
            try container.encode(precondition, forKey: .precondition)
            try container.encode(success, forKey: .success)
            try container.encode(undo, forKey: .undo)
            try container.encode(destroys, forKey: .destroys)
        }
    }

    init(
        of evidence: Digest, host: String, unit: UnitName, port: Port, verdict: Health, steps: [Step], advice: [Advice]
    ) {
        self.evidence = evidence
        self.host = host
        self.unit = unit
        self.port = port
        self.verdict = verdict
        self.steps = steps
        self.advice = advice
        digest = Self.digest(of: evidence, unit, port, steps)
    }

    private enum CodingKeys: String, CodingKey {
        case schema, evidence, host, unit, port, verdict, steps, advice, digest
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(schema, forKey: .schema)
        try container.encode(evidence.labelled, forKey: .evidence)
        try container.encode(host, forKey: .host)
        try container.encode(unit, forKey: .unit)
        try container.encode(port, forKey: .port)
        try container.encode(verdict, forKey: .verdict)
        try container.encode(steps, forKey: .steps)
        try container.encode(advice, forKey: .advice)
        try container.encode(digest.labelled, forKey: .digest)
    }

    /// SHA-256 over the JSON of what will run, keys in order.
    private static func digest(of evidence: Digest, _ unit: UnitName, _ port: Port, _ steps: [Step]) -> Digest {
        struct Approved: Encodable {
            var evidence: Digest
            var unit: UnitName
            var port: Port
            var steps: [Step]
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let approved = Approved(evidence: evidence, unit: unit, port: port, steps: steps)
        // Strings and numbers alone can be written as JSON; a digest of nothing approves nothing.
        return SHA256.digest(of: (try? encoder.encode(approved)).map(Array.init) ?? [])
    }
}

/// Why something is left to a person, what that person would type, and whom to ask.
public struct Advice: Sendable, Hashable, Encodable {
    public let finding: String
    public let subject: String
    /// Why it is not done here.
    public let because: String
    /// Who can say what shall become of it.
    public let ask: String
    /// Commands with the true names filled in; empty where the runbook's are the right ones.
    public let commands: [String]

    public init(_ finding: Finding, because: String, ask: String, commands: [String] = []) {
        self.finding = finding.id
        subject = finding.subject
        self.because = because
        self.ask = ask
        self.commands = commands
    }
}
