import Custody
import Evidence
import Systemd
import Values

/// The deed behind an action: the only things in this project that change a host whose evidence is kept.
protocol Effect: Sendable {
    /// What undoing it will have to know, looked up before it begins.
    func before() throws(StepFailure) -> [String: String]

    /// Whether it may be done now and has to be. Changes nothing.
    func standing() throws(StepFailure) -> Standing

    /// Looks once more and does it. Returns what was seen to have come of it.
    func carryOut() throws(StepFailure) -> (StepResult, String)

    /// Takes it back, as far as it was done. nil where that can't be.
    func undo(_ before: [String: String]) throws(StepFailure) -> String?
}

extension Effect {
    func before() throws(StepFailure) -> [String: String] { [:] }
    func undo(_ before: [String: String]) throws(StepFailure) -> String? { nil }
}

/// What a look just before a step comes to.
public enum Standing: Sendable, Hashable {
    case ready
    /// What it is to bring about is so already.
    case needless(String)
}

/// How a step ended.
public enum StepResult: String, Sendable, Hashable, Encodable {
    case done, needless, failed
    /// A person said no.
    case declined
}

/// Why a step was not done, or did not bring about what it was to.
struct StepFailure: Error, Sendable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
    init(_ error: some Error & CustomStringConvertible) { description = error.description }
}

/// Makes the effect of an action. It takes evidence that is current, and so there is none without.
struct Workplace: Sendable {
    let evidence: CurrentEvidence
    let plan: Plan
    let agreesToKill: @Sendable (String) -> Bool
    /// How long a process may take to end after SIGTERM.
    let patience: Interval

    var unit: UnitName { evidence.evidence.snapshot.target.unit }

    /// The run of the unit that was seen running.
    var seen: String? { evidence.evidence.snapshot.unit.known?.last?.invocationID }

    /// The drop-ins that a reload is to bring into effect.
    var dropIns: [String] {
        plan.steps.compactMap { if case .writeDropIn(let file) = $0.action { file.path } else { nil } }
    }

    func effect(of action: Action) -> any Effect { action.deed.effect(in: self) }
}
