public import Custody
import Values

/// What a remediation writes into the bundle's chain of custody: each line is synced before the next thing happens.
extension CustodyEvent {
    public static let remedyApproved = CustodyEvent(rawValue: "remedy-approved")
    public static let remedyStepBegun = CustodyEvent(rawValue: "remedy-step-begun")
    public static let remedyStepEnded = CustodyEvent(rawValue: "remedy-step-ended")
    public static let remedyUndoBegun = CustodyEvent(rawValue: "remedy-undo-begun")
    public static let remedyStepUndone = CustodyEvent(rawValue: "remedy-step-undone")
    public static let remedyEnded = CustodyEvent(rawValue: "remedy-ended")
}

/// The chain of custody as one plan writes it and reads it again.
struct Ledger: Sendable {
    let evidence: SealedEvidence
    let plan: Plan

    /// Before anything is done: who approved what, and how.
    func approved(_ approval: Approval) throws(CustodyError) {
        try record(.remedyApproved, approval.detail.merging(["steps": String(plan.steps.count)]) { first, _ in first })
    }

    /// Before a step runs. `before` is what undoing it will have to know.
    func begun(_ step: Plan.Step, _ before: [String: String]) throws(CustodyError) {
        var detail = Dictionary(uniqueKeysWithValues: before.map { ("before_" + $0.key, $0.value) })
        detail["step"] = String(step.number)
        detail["command"] = step.command
        try record(.remedyStepBegun, detail)
    }

    func ended(_ step: Plan.Step, _ result: StepResult, _ words: String) throws(CustodyError) {
        try record(
            .remedyStepEnded, ["step": String(step.number), "result": result.rawValue, "words": words])
    }

    /// Before a step is taken back.
    func undoing(_ step: Plan.Step) throws(CustodyError) {
        try record(.remedyUndoBegun, ["step": String(step.number)])
    }

    func undone(_ step: Plan.Step, _ words: String, succeeded: Bool) throws(CustodyError) {
        try record(
            .remedyStepUndone,
            ["step": String(step.number), "result": succeeded ? "done" : "failed", "words": words])
    }

    func closed(_ result: Outcome.Result, _ words: String, second: Digest?) throws(CustodyError) {
        var detail = ["result": result.rawValue, "words": words]
        if let second { detail["evidence_after"] = second.labelled }
        try record(.remedyEnded, detail)
    }

    private func record(_ event: CustodyEvent, _ detail: [String: String]) throws(CustodyError) {
        try evidence.record(event, detail: detail.merging(["plan": plan.digest.labelled]) { first, _ in first })
    }
}

/// How far an earlier run of a plan came, as the chain of custody tells it.
public struct Progress: Sendable, Hashable {
    /// Steps that began, with what was so before; in their order.
    public private(set) var begun: [Int: [String: String]] = [:]
    /// How those that began and ended did so at last.
    public private(set) var ended: [Int: StepResult] = [:]
    public private(set) var undone: Set<Int> = []
    /// The last run of the plan came to its end.
    public private(set) var isClosed = true
    /// The plan has been approved before.
    public private(set) var wasApproved = false

    /// Of this plan in this bundle; throws where the chain does not hold together.
    public init(of plan: Plan, in evidence: SealedEvidence) throws(CustodyError) {
        // The step that is between its two lines, in the run that is being read.
        var current: Int?
        for record in try evidence.history() where record.detail["plan"] == plan.digest.labelled {
            let step = record.detail["step"].flatMap { Int($0) } ?? 0
            switch record.event {
            case .remedyApproved:
                (isClosed, wasApproved) = (false, true)
                current = nil
            case .remedyStepBegun:
                // What was so before the first try is what has to come back.
                if begun[step] == nil || undone.contains(step) { begun[step] = record.detail.before }
                undone.remove(step)
                ended[step] = nil
                current = step
            case .remedyStepEnded:
                // A later run that finds a step needless, for it was done, takes nothing of that back.
                if current == step || begun[step] == nil {
                    ended[step] = record.detail["result"].flatMap(StepResult.init(rawValue:))
                }
                current = nil
            case .remedyStepUndone where record.detail["result"] == "done": undone.insert(step)
            case .remedyEnded: isClosed = true
            default: break
            }
        }
    }

    /// The last run was broken off: killed, or the machine went down.
    public var wasBrokenOff: Bool { wasApproved && !isClosed }

    /// Steps that may have had an effect that is still there, the latest first.
    public var standing: [Int] {
        begun.keys.filter { !undone.contains($0) && ended[$0] != .needless }.sorted(by: >)
    }
}

extension [String: String] {
    fileprivate var before: [String: String] {
        Dictionary(
            uniqueKeysWithValues: filter { $0.key.hasPrefix("before_") }.map { (String($0.key.dropFirst(7)), $0.value) }
        )
    }
}
