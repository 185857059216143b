public import Evidence

/// The causal story of one host: a pure function of its snapshot.
public struct Diagnosis: Sendable, Hashable, Codable {
    public var verdict: Health
    /// Roots first, then origin, contributing and risks.
    public var findings: [Finding]
    public var ruledOut: [RuledOut]
    /// Rules that could not tell, and what they lacked.
    public var undecided: [Undecided]

    public init(verdict: Health, findings: [Finding], ruledOut: [RuledOut], undecided: [Undecided]) {
        self.verdict = verdict
        self.findings = findings
        self.ruledOut = ruledOut
        self.undecided = undecided
    }

    public func findings(_ role: Role) -> [Finding] { findings.filter { $0.role == role } }
}

public enum Health: String, Sendable, Hashable, Codable {
    case healthy, unhealthy, undetermined
}

/// What part a finding plays in the story.
public enum Role: String, Sendable, Hashable, Codable, CaseIterable {
    /// Removing it ends what is happening now.
    case root
    /// What started it, where that differs from the root.
    case origin
    /// Makes it worse or keeps it from healing by itself.
    case contributing
    /// No part of this failure, but will be the next one.
    case risk
}

/// One part of the story, with the facts it rests on.
public struct Finding: Sendable, Hashable, Codable {
    public var id: String
    public var role: Role
    public var confidence: Confidence
    public var subject: String
    public var summary: String
    public var facts: [Fact]
    public var missing: [Absence]
    /// Relative to the project: `runbooks/<id>.md`.
    public var runbook: String

    public init(id: String, role: Role, fault: Fault) {
        self.id = id
        self.role = role
        confidence = fault.confidence
        subject = fault.subject
        summary = fault.summary
        facts = fault.facts
        missing = fault.missing
        runbook = "runbooks/\(id).md"
    }
}

/// A suspect that was checked, and what clears it.
public struct RuledOut: Sendable, Hashable, Codable {
    public var id: String
    public var because: String
    public var facts: [Fact]
}

/// A rule that could not tell.
public struct Undecided: Sendable, Hashable, Codable {
    public var id: String
    public var absence: Absence
}
