public import ArgumentParser
import Custody
import Diagnose
import Evidence
import Linux
import Observe
import Remediate
import Report
import Values

/// `patch-doctor remediate`: what would heal the host, and, once a person approved it, the healing.
public struct RemediateCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "remediate", abstract: "Plan how to heal the host; carry it out once a person approved it.",
        discussion: """
            Rests on a sealed bundle of this host, this boot and this failure; without one it looks and seals first. By \
            itself it only prints the plan. With --apply it asks at the terminal, or takes the digest of the plan that \
            was read: --approve DIGEST. Each step is written into the bundle's chain of custody before and after it runs.

            Exit status: 0 the plan was printed, or the host is healthy; 1 it is not, or nothing here is ours to do; \
            2 could not be looked at; 64 wrong usage, or no approval; 65 the bundle is altered, of another host or boot, \
            or out of date; 75 another remediation is at work; 77 not root.
            """)

    enum Mode: String, EnumerableFlag {
        case plan, apply, simulate, undo

        static func help(for value: Mode) -> ArgumentHelp? {
            switch value {
            case .plan: "Print the plan and change nothing (the default)."
            case .apply: "Carry the plan out, once it is approved."
            case .simulate: "Look at each step's precondition as it is now; change nothing."
            case .undo: "Take back what an earlier run of the plan did."
            }
        }
    }

    @Argument(
        help: ArgumentHelp("An evidence directory of this host; made afresh where none is given.", valueName: "bundle"))
    var bundle: String?

    @Flag(exclusivity: .exclusive)
    var mode = Mode.plan

    @Option(help: ArgumentHelp("Approve the plan with this digest, and no other.", valueName: "digest"))
    var approve: String?

    @Flag(help: "Consent to SIGKILL for a process that outlives SIGTERM.")
    var allowKill = false

    @Flag(help: "Answer also what is no part of this failure.")
    var risks = false

    @Flag(help: "Instead of healing, stop a unit that flaps and can't run yet.")
    var stopFlapping = false

    @Option(help: ArgumentHelp("Seconds that the host must stay healthy in the end.", valueName: "s"))
    var settle: UInt16?

    @Option(help: ArgumentHelp("Seconds that a process gets to end after SIGTERM.", valueName: "s"))
    var patience: UInt16 = 20

    @Option(help: "The unit to look at, where no bundle is given.")
    var unit = UnitName.agent.rawValue

    @Option(help: "How to print plan and outcome.")
    var format = WordsFormat.text

    public init() {}

    public func validate() throws {
        guard UnitName(rawValue: unit) != nil else { throw ValidationError("'\(unit.harmless())' is no unit name") }
        if approve != nil, mode == .plan || mode == .simulate {
            throw ValidationError("--approve goes with --apply or --undo")
        }
        if let approve, Digest(fingerprint: approve) == nil {
            throw ValidationError("'\(approve.harmless(limit: 80))' is no digest; the plan's last lines show its own")
        }
        if mode == .undo, bundle == nil {
            throw ValidationError("--undo needs the bundle that the steps are written in")
        }
    }

    public func run() async throws {
        let evidence = try await evidence()
        let plan = Planner.plan(
            evidence, Diagnostician().diagnose(evidence.snapshot), risks: risks, stopping: stopFlapping)
        switch mode {
        case .plan: try show(plan, of: evidence)
        case .simulate: try await simulate(plan, on: evidence)
        case .apply: try await apply(plan, on: evidence)
        case .undo: try await undo(plan, on: evidence)
        }
    }
}

// MARK: Evidence

extension RemediateCommand {
    private func evidence() async throws -> SealedEvidence {
        if let bundle { return try intact(bundle) }
        let target = await TargetResolver.resolve(
            unit: UnitName(rawValue: unit) ?? .agent, port: nil, configuration: nil, root: .live)
        let kept = await EvidenceKeeper(directory: nil, archive: false).keep(Self.collect(target, telling: true))
        guard let evidence = kept.evidence else {
            Voice.standard.hint("nothing is proposed without evidence that is kept")
            throw ExitStatus.undetermined.exit
        }
        return evidence
    }

    /// The bundle, where it is what was sealed.
    private func intact(_ path: String) throws -> SealedEvidence {
        let verification: Verification
        do {
            verification = try Verifier.verify(path)
        } catch {
            Voice.standard.error("\(error)")
            throw ExitStatus.undetermined.exit
        }
        if let evidence = verification.evidence { return evidence }
        let first = verification.alterations.first.map { ": \($0.path): \($0.detail)" } ?? ""
        Voice.standard.error("'\(path.harmless())' is not what was sealed\(first)")
        Voice.standard.hint("see what was changed: patch-doctor verify \(path.harmless())")
        Voice.standard.hint("look afresh: patch-doctor remediate")
        throw ExitStatus.unfit.exit
    }

    private static func collect(_ target: Target, telling: Bool) async -> Observe.Collection {
        await Collector().collect(
            target, version: Version.current, arguments: Array(OwnArguments.all.dropFirst()),
            progress: { if telling { Voice.standard.progress($0) } })
    }

    private func surroundings(of evidence: SealedEvidence) -> Remediation.Surroundings {
        let target = evidence.snapshot.target
        return Remediation.Surroundings(
            look: { Look(await Self.collect(target, telling: false).snapshot) },
            keep: {
                let kept = EvidenceKeeper(directory: nil, archive: false).keep(await Self.collect(target, telling: true))
                return kept.evidence.map { .init(path: $0.location, digest: $0.digest) }
            },
            tell: { event in
                switch event {
                case .step(let step): Voice.standard.progress("\(step.number). \(step.command)")
                case .ended: Voice.standard.progressEnded()
                case .observing(let time): Voice.standard.progress("watching the service for \(time.readable)")
                case .undoing(let step): Voice.standard.progress("undoing step \(step.number)")
                }
            })
    }
}

// MARK: Modes

extension RemediateCommand {
    private func show(_ plan: Plan, of evidence: SealedEvidence) throws {
        let text = PlanText(
            plan, bundle: evidence.location, progress: try? Progress(of: plan, in: evidence), options: options)
        try put(format == .json ? try JSONReport.encode(plan) : Array(text.text.utf8))
    }

    private func simulate(_ plan: Plan, on evidence: SealedEvidence) async throws {
        try requireRoot()
        let remediation = remediation(plan, on: evidence, approval: Approval(.digest) { _ in false })
        let rehearsal = try await heeding(evidence) { () async throws(Remediation.Failure) in
            try await remediation.rehearse()
        }
        try put(
            format == .json
                ? JSONReport.encode(RehearsalDocument(plan, rehearsal))
                : Array(RehearsalText(plan, rehearsal).text.utf8))
        if rehearsal.contains(where: { !$0.isReady }) || plan.steps.isEmpty { throw ExitStatus.problem.exit }
    }

    private func apply(_ plan: Plan, on evidence: SealedEvidence) async throws {
        try requireRoot()
        guard !plan.steps.isEmpty else {
            try show(plan, of: evidence)
            guard plan.verdict == .healthy else { throw ExitStatus.problem.exit }
            return
        }
        let approval = try approval(of: plan, on: evidence)
        try await carryOut(plan, on: evidence, approval) { remediation, lock throws(Remediation.Failure) in
            try await remediation.run(under: lock)
        }
    }

    private func undo(_ plan: Plan, on evidence: SealedEvidence) async throws {
        try requireRoot()
        let approval = try approval(of: plan, on: evidence)
        try await carryOut(plan, on: evidence, approval) { remediation, lock throws(Remediation.Failure) in
            try await remediation.undo(under: lock)
        }
    }

    private func carryOut(
        _ plan: Plan, on evidence: SealedEvidence, _ approval: Approval,
        _ deed: @Sendable (Remediation, borrowing HostLock) async throws(Remediation.Failure) -> Outcome
    ) async throws {
        let lock: HostLock
        do throws(HostLock.Failure) {
            lock = try HostLock()
        } catch {
            Voice.standard.error("\(error)")
            Voice.standard.hint("wait for it to end; what it did is in its bundle's custody.jsonl")
            throw ExitStatus.busy.exit
        }
        // Somebody may have had it in hand while a person thought about the plan.
        guard try intact(evidence.location).digest == evidence.digest else {
            Voice.standard.error("'\(evidence.location.harmless())' is another bundle by now")
            throw ExitStatus.unfit.exit
        }
        let remediation = remediation(plan, on: evidence, approval: approval)
        let outcome: Outcome
        do throws(Remediation.Failure) {
            outcome = try await deed(remediation, lock)
        } catch {
            throw complain(error, about: evidence)
        }
        Voice.standard.progressEnded()
        try put(
            format == .json
                ? JSONReport.encode(outcome) : Array(OutcomeText(outcome, plan, bundle: evidence.location).text.utf8))
        guard
            outcome.result == .healed || outcome.result == .stopped
                || (outcome.result == .undone && outcome.undone.allSatisfy(\.succeeded))
        else {
            throw ExitStatus.problem.exit
        }
    }

    private func remediation(_ plan: Plan, on evidence: SealedEvidence, approval: Approval) -> Remediation {
        Remediation(
            plan, on: evidence, approval: approval, surroundings: surroundings(of: evidence),
            patience: .seconds(Int64(patience)), settling: settle.map { .seconds(Int64($0)) })
    }

    private func heeding<Result: Sendable>(
        _ evidence: SealedEvidence, _ deed: @Sendable () async throws(Remediation.Failure) -> Result
    ) async throws -> Result {
        do throws(Remediation.Failure) {
            return try await deed()
        } catch {
            throw complain(error, about: evidence)
        }
    }

    private func complain(_ failure: Remediation.Failure, about evidence: SealedEvidence) -> ExitCode {
        Voice.standard.progressEnded()
        switch failure {
        case .refused(.packed):
            Voice.standard.error("\(Refusal.packed)")
            Voice.standard.hint("tar -xf \(evidence.location.harmless())")
        case .refused(.unseen(let what)):
            Voice.standard.error("nothing was done: \(Refusal.unseen(what))")
            return ExitStatus.undetermined.exit
        case .refused(let refusal):
            Voice.standard.error("nothing was done: \(refusal)")
            Voice.standard.hint("look afresh: patch-doctor remediate")
        case .custody(let error):
            Voice.standard.error("no further step was done, for it could not be written down: \(error)")
            Voice.standard.hint(
                "make that possible, then run the same command again: it goes on where it was broken off")
            return ExitStatus.problem.exit
        }
        return ExitStatus.unfit.exit
    }

    private func requireRoot() throws {
        guard Terminal.effectiveUser != 0 else { return }
        Voice.standard.error("only root can do or rehearse this; the plan can be read by anyone")
        throw ExitStatus.notPermitted.exit
    }

    private func put(_ bytes: [UInt8]) throws {
        Voice.standard.progressEnded()
        guard Terminal.write(bytes, to: .standardOutput) else {
            Voice.standard.error("cannot write to standard output: \(SystemError("write", "stdout").reason)")
            throw ExitStatus.undetermined.exit
        }
    }
}

// MARK: Approval

extension RemediateCommand {
    /// What makes another plan of the same bundle.
    private var options: String { (risks ? " --risks" : "") + (stopFlapping ? " --stop-flapping" : "") }

    private func approval(of plan: Plan, on evidence: SealedEvidence) throws -> Approval {
        let allowKill = allowKill
        if let approve {
            guard Digest(fingerprint: approve) == plan.digest else {
                Voice.standard.error("what was approved is not this plan, whose digest is \(plan.digest.labelled)")
                Voice.standard.hint("read it: patch-doctor remediate \(evidence.location.harmless())\(options)")
                throw ExitStatus.unfit.exit
            }
            return Approval(.digest) { _ in allowKill }
        }
        guard Terminal.canAsk else {
            Voice.standard.error("nobody approved the plan, and there is no terminal to ask at")
            Voice.standard.hint(
                "read the plan, then: patch-doctor remediate \(evidence.location.harmless())\(options) --\(mode.rawValue) "
                    + "--approve \(plan.digest.labelled)")
            throw ExitStatus.usage.exit
        }
        let text = PlanText(
            plan, bundle: evidence.location, progress: try? Progress(of: plan, in: evidence), options: options)
        Terminal.write(text.text + "\n", to: .standardError)
        let kill: @Sendable (String) -> Bool = { words in
            allowKill || Question.ask("\(words). Send SIGKILL? [y/N] ", yes: ["y", "yes"])
        }
        let terminal = Terminal.name ?? "terminal"
        let deed = mode == .undo ? "Undo it?" : "Carry it out?"
        switch Question.choose("\(deed) [a]ll, [s]tep by step, [N]othing ", ["a", "all", "s", "step"]) {
        case "a", "all": return Approval(.terminal(terminal), agreesToKill: kill)
        case "s", "step":
            return Approval(.stepwise(terminal)) { step in
                Question.ask("\(step.number). \(step.command)\n   do it? [y/N] ", yes: ["y", "yes"])
            } agreesToKill: {
                kill($0)
            }
        default:
            Voice.standard.error("nothing was approved, and nothing was done")
            throw ExitStatus.usage.exit
        }
    }
}

/// A question to the person at the terminal; what is not a clear yes is a no.
enum Question {
    static func ask(_ words: String, yes: Set<String>) -> Bool { choose(words, yes) != nil }

    static func choose(_ words: String, _ answers: Set<String>) -> String? {
        Voice.standard.progressEnded()
        Terminal.write(words, to: .standardError)
        guard let line = Terminal.readLine() else { return nil }
        let answer = line.lowercased().filter { $0 != " " && $0 != "\r" }
        return answers.contains(answer) ? answer : nil
    }
}
