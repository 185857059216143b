public import Diagnose
public import Evidence
import Values

/// A host as it is now, and what that comes to.
public final class Look: Sendable {
    public let snapshot: Snapshot
    public let diagnosis: Diagnosis

    public init(_ snapshot: Snapshot) {
        self.snapshot = snapshot
        diagnosis = Diagnostician().diagnose(snapshot)
    }

    public var isHealthy: Bool { diagnosis.verdict == .healthy }

    /// The roots, each as `id (subject)`.
    public var roots: [String] {
        diagnosis.findings(.root).map { "\($0.id) (\($0.subject.harmless(limit: 128)))" }
    }
}
