public import Evidence

/// One statement of a fault, judged on what was seen of a host. A rule is one file and one line in `RuleBook`.
public protocol Rule: Sendable {
    var about: RuleInfo { get }

    /// Judges the snapshot. A needed fact that was not observed is thrown as its `Absence`, which the engine turns
    /// into *could not tell*: missing evidence never passes for health.
    func judge(_ host: Snapshot) throws(Absence) -> Verdict

    /// The subject that a past failure accuses (`/etc/…/ca.pem`, `port 12443`), where the failure's own words are
    /// this rule's fault; nil where they are not. This is how an origin is told from a root.
    func recognises(_ epoch: Epoch, on host: Snapshot) -> String?
}

extension Rule {
    public func recognises(_ epoch: Epoch, on host: Snapshot) -> String? { nil }
}

/// What is said of a rule, from which documentation and `explain` are made.
public struct RuleInfo: Sendable, Hashable {
    /// Kebab-case, names the fact, keeps its meaning for ever.
    public let id: String
    public let section: Section
    /// The fault as a statement, one line.
    public let title: String
    /// The same of a host that does not run, where the fault ended with it; nil where the title still holds.
    public let pastTitle: String?
    /// What it means for the service and how it is recognised.
    public let meaning: String
    /// What is seen when it is not so.
    public let clearedBy: String

    public enum Section: String, Sendable, CaseIterable {
        case port, certificates, configuration, unit, enrollment, host
    }

    public init(
        _ id: String, _ section: Section, title: String, pastTitle: String? = nil, meaning: String, clearedBy: String
    ) {
        self.id = id
        self.section = section
        self.title = title
        self.pastTitle = pastTitle
        self.meaning = meaning
        self.clearedBy = clearedBy
    }
}

/// A rule's answer; the fourth one, *could not tell*, is the thrown `Absence`.
public enum Verdict: Sendable, Hashable {
    case fail([Fault])
    /// The suspect was checked and is innocent, because of this.
    case pass(String, [Fact])
    /// There is nothing here for the rule to judge.
    case notApplicable
}

/// A fault that was found, before the story gives it its role.
public struct Fault: Sendable, Hashable {
    /// Which one: `pid 1218`, `/etc/linux_patch_api/certs/ca.pem`, `linux-patch-api.service`.
    public var subject: String
    /// One sentence.
    public var summary: String
    public var bearing: Bearing
    public var confidence: Confidence
    public var facts: [Fact]
    /// What would have made it conclusive.
    public var missing: [Absence]

    public init(
        _ subject: String, _ summary: String, _ bearing: Bearing, confidence: Confidence = .conclusive,
        facts: [Fact], missing: [Absence] = []
    ) {
        self.subject = subject
        self.summary = summary
        self.bearing = bearing
        self.confidence = confidence
        self.facts = facts
        self.missing = missing
    }
}

/// What a fault does to the service, from which the story works out its role.
public enum Bearing: Sendable, Hashable {
    /// Keeps an attempt to start from succeeding, at this stage of the start-up; a mere risk where the service runs.
    case blocks(Stage)
    /// The service runs, and yet those who need it do not get it.
    case breaks
    /// Keeps the service down after its cause is gone: the root where nothing blocks, contributing where something does.
    case sustains
    /// Makes it worse, or keeps it from healing by itself.
    case worsens
    /// No part of this failure, but will be the next one.
    case threatens
    /// The service runs and waits for this: the root, and what it could not start without meanwhile contributes.
    case awaited
    /// What is seen of a fault rather than the fault: a root where no other is, else not said.
    case symptom
}

/// The order in which a start-up can fail: what fails earlier hides what would fail later.
public enum Stage: Int, Sendable, Hashable, Comparable {
    case unit, program, configuration, certificates, enrollment, port, running

    public static func < (left: Stage, right: Stage) -> Bool { left.rawValue < right.rawValue }
}

/// How sure a finding is.
public enum Confidence: String, Sendable, Hashable, Codable, Comparable {
    /// Each needed fact was observed and nothing seen contradicts it.
    case conclusive
    /// A needed fact could not be observed; the finding says which.
    case probable
    case possible

    private var rank: Int { self == .conclusive ? 0 : self == .probable ? 1 : 2 }
    public static func < (left: Confidence, right: Confidence) -> Bool { left.rank < right.rank }
}
