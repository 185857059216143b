public import Custody
import Diagnose
import Evidence
public import Values

/// Carries out one plan on this host: each step is looked at again, written down, done, seen to have worked and written
/// down again; at the end health is observed, and where it is not there, what can be undone is undone.
public struct Remediation: Sendable {
    /// What a run has need of, and does not do itself.
    public struct Surroundings: Sendable {
        /// Looks at the host as it is now, with all probes.
        let look: @Sendable () async -> Look
        /// Keeps the evidence of how it is now; nil where that failed.
        let keep: @Sendable () async -> Outcome.KeptEvidence?
        /// Tells whoever waits what is going on.
        let tell: @Sendable (Event) -> Void

        public init(
            look: @escaping @Sendable () async -> Look, keep: @escaping @Sendable () async -> Outcome.KeptEvidence?,
            tell: @escaping @Sendable (Event) -> Void
        ) {
            self.look = look
            self.keep = keep
            self.tell = tell
        }
    }

    public enum Event: Sendable {
        case step(Plan.Step)
        case ended(Outcome.StepOutcome)
        case observing(settling: Interval)
        case undoing(Plan.Step)
    }

    /// Why nothing was done at all, or no more: the chain of custody could not be written.
    public enum Failure: Error, Sendable {
        case refused(Refusal)
        case custody(CustodyError)
    }

    private let plan: Plan
    private let evidence: SealedEvidence
    private let approval: Approval
    private let surroundings: Surroundings
    private let patience: Interval
    private let convalescence: Convalescence
    private let ledger: Ledger

    /// `patience` is what a process gets to end after SIGTERM, `recovery` what the service gets to come up after the last
    /// step, and `settling` how long the host must then stay healthy: by default two turns of the loop that was seen.
    public init(
        _ plan: Plan, on evidence: SealedEvidence, approval: Approval, surroundings: Surroundings,
        patience: Interval = .seconds(20), recovery: Interval = .seconds(30), settling: Interval? = nil
    ) {
        self.plan = plan
        self.evidence = evidence
        self.approval = approval
        self.surroundings = surroundings
        self.patience = patience
        convalescence = Convalescence(
            patience: recovery, settling: settling ?? Convalescence.settling(for: evidence.snapshot))
        ledger = Ledger(evidence: evidence, plan: plan)
    }

    /// Runs the plan from its first step, or from where an earlier run of it was broken off. The lock is held as long.
    public func run(under lock: borrowing HostLock) async throws(Failure) -> Outcome {
        let progress = try earlier()
        let current = try await admission(for: progress.wasApproved ? .goingOn : .beginning)
        let workplace = workplace(current)
        try write { () throws(CustodyError) in try ledger.approved(approval) }
        var outcome = Outcome(
            plan: plan.digest, evidence: evidence.digest, result: .healed, summary: "", steps: [], undone: [],
            lasting: [])
        for step in plan.steps {
            let ended = try await carry(out: step, workplace, current)
            outcome.steps.append(ended)
            surroundings.tell(.ended(ended))
            if ended.result == .failed {
                outcome.result = .notHealed
                outcome.summary = "step \(step.number) failed: \(ended.words)"
                break
            }
            if ended.result == .declined {
                outcome.result = .declined
                outcome.summary = "step \(step.number) was not approved; what was done before it is left as it is"
                break
            }
        }
        if outcome.result == .healed {
            if plan.stopsUnit { await seeStopped(&outcome) } else { await observe(&outcome) }
        }
        if outcome.result == .notHealed {
            try takeBack(&outcome, workplace)
            outcome.evidenceAfter = await surroundings.keep()
        }
        let ended = outcome
        try write { () throws(CustodyError) in
            try ledger.closed(ended.result, ended.summary, second: ended.evidenceAfter?.digest)
        }
        return outcome
    }

    /// Takes back what earlier runs of the plan did and what still stands.
    public func undo(under lock: borrowing HostLock) async throws(Failure) -> Outcome {
        guard try earlier().wasApproved else { throw .refused(.neverRun) }
        let current = try await admission(for: .undoing)
        try write { () throws(CustodyError) in try ledger.approved(approval) }
        var outcome = Outcome(
            plan: plan.digest, evidence: evidence.digest, result: .undone, summary: "", steps: [], undone: [],
            lasting: [])
        try takeBack(&outcome, workplace(current))
        let left = outcome.undone.filter { !$0.succeeded }.map { "step \($0.number)" }
        outcome.summary =
            !left.isEmpty
            ? "could not be taken back: \(left.joined(separator: ", "))"
            : outcome.undone.isEmpty ? "nothing is left that could be taken back" : "what can be undone is undone"
        outcome.evidenceAfter = await surroundings.keep()
        let ended = outcome
        try write { () throws(CustodyError) in
            try ledger.closed(.undone, ended.summary, second: ended.evidenceAfter?.digest)
        }
        return outcome
    }

    /// Each step as it stands now: nothing is done, nothing is written.
    public func rehearse() async throws(Failure) -> [Rehearsal] {
        let current = try await admission(for: try earlier().wasApproved ? .goingOn : .beginning)
        let workplace = workplace(current)
        return plan.steps.map { step in
            do throws(StepFailure) {
                switch try workplace.effect(of: step.action).standing() {
                case .ready: return Rehearsal(step: step, words: "would be done", isReady: true)
                case .needless(let words):
                    return Rehearsal(step: step, words: "not needed as of now: \(words)", isReady: true)
                }
            } catch {
                return Rehearsal(step: step, words: "would be refused: \(error.description)", isReady: false)
            }
        }
    }

    // MARK: Parts of a run

    private func earlier() throws(Failure) -> Progress {
        guard evidence.form == .directory else { throw .refused(.packed) }
        do throws(CustodyError) {
            return try Progress(of: plan, in: evidence)
        } catch {
            throw .custody(error)
        }
    }

    private func admission(for purpose: CurrentEvidence.Purpose) async throws(Failure) -> CurrentEvidence {
        let now = await surroundings.look()
        do throws(Refusal) {
            return try CurrentEvidence(evidence, now: now, for: purpose)
        } catch {
            throw .refused(error)
        }
    }

    private func workplace(_ current: CurrentEvidence) -> Workplace {
        Workplace(evidence: current, plan: plan, agreesToKill: approval.agreesToKill, patience: patience)
    }

    private func write(_ entry: () throws(CustodyError) -> Void) throws(Failure) {
        do throws(CustodyError) {
            try entry()
        } catch {
            throw .custody(error)
        }
    }

    private func carry(
        out step: Plan.Step, _ workplace: Workplace, _ current: CurrentEvidence
    ) async throws(Failure) -> Outcome.StepOutcome {
        func ended(_ result: StepResult, _ words: String) -> Outcome.StepOutcome {
            Outcome.StepOutcome(number: step.number, command: step.command, result: result, words: words.harmless())
        }
        guard approval.agrees(step) else { return ended(.declined, "not approved") }
        surroundings.tell(.step(step))
        let effect = workplace.effect(of: step.action)
        let outcome: Outcome.StepOutcome
        switch Self.beginning(of: effect) {
        case .refused(let words): outcome = ended(.failed, words)
        case .needless(let words): outcome = ended(.needless, words)
        case .ready(let before):
            try write { () throws(CustodyError) in try ledger.begun(step, before) }
            do throws(StepFailure) {
                let (result, words) = try effect.carryOut()
                outcome = ended(result, words)
            } catch {
                outcome = ended(.failed, error.description)
            }
        }
        try write { () throws(CustodyError) in try ledger.ended(step, outcome.result, outcome.words) }
        guard case .end(let culprit) = step.action, outcome.result == .done, !culprit.sockets.isEmpty else {
            return outcome
        }
        // The port must be free for the service now, and not somebody else's.
        do throws(Refusal) {
            try current.compareFailures(with: await surroundings.look(), goingOn: true)
            return outcome
        } catch {
            return ended(.failed, "\(outcome.words), but \(error.description)")
        }
    }

    /// What a look just before a step comes to, with what is so by then.
    private enum Beginning {
        case ready([String: String])
        case needless(String)
        case refused(String)
    }

    private static func beginning(of effect: any Effect) -> Beginning {
        do throws(StepFailure) {
            switch try effect.standing() {
            case .ready: return .ready(try effect.before())
            case .needless(let words): return .needless(words)
            }
        } catch {
            return .refused(error.description)
        }
    }

    private func observe(_ outcome: inout Outcome) async {
        surroundings.tell(.observing(settling: convalescence.settling))
        let (isHealthy, words) = await convalescence.observe(surroundings.look)
        outcome.summary = words
        if !isHealthy { outcome.result = .notHealed }
    }

    /// Health is not to be had of a unit that is to stand still: down, and for as long as a host would be watched.
    private func seeStopped(_ outcome: inout Outcome) async {
        let (isDown, words) = await convalescence.observeStop(surroundings.look)
        outcome.result = isDown ? .stopped : .notHealed
        outcome.summary = words
    }

    /// In reverse order, as far as the chain of custody knows what was done.
    private func takeBack(_ outcome: inout Outcome, _ workplace: Workplace) throws(Failure) {
        let progress = try earlier()
        for number in progress.standing {
            guard let step = plan.steps.first(where: { $0.number == number }) else { continue }
            surroundings.tell(.undoing(step))
            if step.undo != nil { try write { () throws(CustodyError) in try ledger.undoing(step) } }
            let undoing: Outcome.Undoing
            do throws(StepFailure) {
                let words = try workplace.effect(of: step.action).undo(progress.begun[number] ?? [:])
                guard let words else {
                    outcome.lasting.append(Self.lasting(step, progress.ended[number]))
                    continue
                }
                undoing = Outcome.Undoing(number: number, succeeded: true, words: words.harmless())
            } catch {
                undoing = Outcome.Undoing(number: number, succeeded: false, words: error.description.harmless())
            }
            outcome.undone.append(undoing)
            try write { () throws(CustodyError) in
                try ledger.undone(step, undoing.words, succeeded: undoing.succeeded)
            }
        }
    }
    /// What is said of a step that can't be taken back: no more than what it is known to have done.
    private static func lasting(_ step: Plan.Step, _ result: StepResult?) -> String {
        switch result {
        case .done: "'\(step.command)' was done; lost: \(step.destroys)"
        case nil: "'\(step.command)' was broken off, and may have been done; lost then: \(step.destroys)"
        default: "'\(step.command)' was tried and did not succeed; it may have had an effect all the same"
        }
    }
}
