import Diagnose
import Evidence

/// What answers one kind of finding. A remedy is one file and one line in `RemedyBook`.
protocol Remedy: Sendable {
    /// The findings that it answers.
    var findings: Set<String> { get }

    /// What is to be done about this one on the host that was seen.
    func answer(_ finding: Finding, on host: Snapshot) -> Answer
}

/// A remedy's answer.
enum Answer {
    /// Ours to do. No actions where what follows from it, a start of the unit, is all that is needed.
    case actions([Action])
    /// Somebody else's.
    case advice(Advice)
}
