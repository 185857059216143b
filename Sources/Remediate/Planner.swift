public import Custody
public import Diagnose
import Evidence
import Values

/// Turns a diagnosis into a plan: pure, and the only maker of plans.
public enum Planner {
    /// What is proposed for the host of this evidence. Steps are proposed only where every cause that keeps the service
    /// down is ours to heal; otherwise the plan has advice alone, and carrying it out changes nothing.
    ///
    /// `risks` has also answered what is no part of this failure; `stopping` stops a unit that flaps and can't run yet,
    /// instead of healing it.
    public static func plan(
        _ evidence: SealedEvidence, _ diagnosis: Diagnosis, risks: Bool = false, stopping: Bool = false
    ) -> Plan {
        let host = evidence.snapshot
        var draft = Draft(evidence)
        if host.observer.offline != nil {
            for finding in diagnosis.findings(.root) {
                draft.leave(finding, "the host did not run when it was looked at")
            }
        } else if stopping {
            draft.stop(diagnosis)
        } else {
            for finding in diagnosis.findings { draft.consider(finding, risks: risks) }
            draft.close()
        }
        return Plan(
            of: evidence.digest, host: host.host.known?.hostName.harmless(limit: 64) ?? "unknown host",
            unit: host.target.unit, port: host.target.port, verdict: diagnosis.verdict, steps: draft.steps,
            advice: draft.advice)
    }
}

/// A plan in the making.
private struct Draft {
    private let evidence: SealedEvidence
    private var host: Snapshot { evidence.snapshot }
    private var actions: [(action: Action, because: Plan.Step.Reason)] = []
    private(set) var advice: [Advice] = []
    /// A cause that is not ours keeps the service down.
    private var isBlocked = false
    private var roots: [Plan.Step.Reason] = []

    init(_ evidence: SealedEvidence) { self.evidence = evidence }

    var steps: [Plan.Step] {
        guard !isBlocked else { return [] }
        var order: [Action] = []
        var reasons: [Action: [Plan.Step.Reason]] = [:]
        for (action, reason) in actions {
            if reasons[action] == nil { order.append(action) }
            if reasons[action]?.contains(reason) != true { reasons[action, default: []].append(reason) }
        }
        let sorted = order.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
        return sorted.enumerated().map { index, entry in
            Plan.Step(number: index + 1, action: entry.element, because: reasons[entry.element] ?? [])
        }
    }

    mutating func consider(_ finding: Finding, risks: Bool) {
        let answer = RemedyBook.remedy(for: finding.id)?.answer(finding, on: host)
        switch finding.role {
        case .origin: return
        case .risk:
            guard risks else { return }
            if case .actions(let wanted)? = answer { add(wanted, finding) }
        case .root:
            roots.append(reason(finding))
            take(answer, finding)
        case .contributing:
            if RemedyBook.bystanders.contains(finding.id) {
                if case .actions(let wanted)? = answer { add(wanted, finding) }
            } else {
                take(answer, finding)
            }
        }
    }

    /// After the causes are gone: the unit is freed of its failed state where it has one by then, and started.
    mutating func close() {
        guard !isBlocked, let root = roots.first, let look = host.unit.known?.last, !host.isActiveAndSteady else {
            return
        }
        let unit = host.target.unit
        let limit = StartLimit(inEffectOf: look, run: host.journal.known?.typicalRun)
        // A limit that bites, by now or by a drop-in of this plan, may be hit before the cause is gone.
        let isLimited = if case .trips = limit.outlook { true } else { false }
        let willBe = actions.contains { if case .writeDropIn = $0.action { true } else { false } }
        if isLimited || willBe || look.isFailed { add(.resetFailed(unit), root) }
        add(.start(unit), root)
    }

    mutating func stop(_ diagnosis: Diagnosis) {
        guard let root = diagnosis.findings(.root).first else { return }
        guard let look = host.unit.known?.last, look.isRestarting || host.unit.known?.moved == true else {
            return leave(root, "the unit was not seen flapping, so that there is nothing to stop")
        }
        add(.stop(host.target.unit), reason(root))
    }

    mutating func leave(_ finding: Finding, _ why: String) {
        isBlocked = true
        advice.append(Advice(finding, because: why, ask: Whom.toAsk(about: finding.id)))
    }

    private mutating func take(_ answer: Answer?, _ finding: Finding) {
        switch answer {
        case .actions(let wanted)?: add(wanted, finding)
        case .advice(let words)?:
            isBlocked = true
            advice.append(words)
        case nil: leave(finding, "there is no remedy that would be ours to apply")
        }
    }

    private mutating func add(_ wanted: [Action], _ finding: Finding) {
        for action in wanted { add(action, reason(finding)) }
    }

    private mutating func add(_ action: Action, _ because: Plan.Step.Reason) { actions.append((action, because)) }

    private func reason(_ finding: Finding) -> Plan.Step.Reason {
        Plan.Step.Reason(finding: finding.id, subject: finding.subject.harmless(limit: 256))
    }
}

/// Whom to ask about a finding that no remedy of ours answers.
enum Whom {
    static func toAsk(about finding: String) -> String {
        switch RuleBook.info(finding)?.section {
        case .certificates, .enrollment: "whoever runs the manager, which hands out the certificates"
        case .configuration: "whoever keeps this host's configuration"
        case .port: "whoever runs the process that has the port"
        case .unit: "whoever deploys the agent and its unit"
        case .host, nil: "whoever runs this host"
        }
    }
}
