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

            Exit status: 0 a plan was printed, even one without steps, the host is healthy, or was stopped or undone as \
            asked; 1 it is not, or nothing here is ours to do; 2 could not be looked at; 64 wrong usage, or no approval; \
            65 the bundle is altered, of another host or boot, or out of date, or the digest another plan's; 75 another \
            remediation is at work; 77 not root; 130 or 143 broken off by SIGINT or SIGTERM: the same command goes on.
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

    @Flag(help: "Read the bundle from standard input, as an archive, and keep it here before anything else.")
    var stream = false

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

    @Option(help: "The unit to look at, where no bundle is given. (default: \(UnitName.agent.rawValue))")
    var unit: String?

    @Option(help: "How to print plan and outcome.")
    var format = WordsFormat.text

    public init() {}

    public func validate() throws {
        if let unit {
            guard UnitName(rawValue: unit) != nil else {
                throw ValidationError("'\(unit.harmless())' is no unit name")
            }
            if bundle != nil || stream {
                throw ValidationError("--unit goes without a bundle, which is of a unit already")
            }
        }
        if stream, bundle != nil { throw ValidationError("--stream reads the bundle from standard input: name none") }
        if stream, Terminal.isInput {
            throw ValidationError("--stream reads an archive, and none from a terminal: direct one to it")
        }
        if approve != nil, mode == .plan || mode == .simulate {
            throw ValidationError("--approve goes with --apply or --undo")
        }
        if let approve, Digest(fingerprint: approve) == nil {
            throw ValidationError("'\(approve.harmless(limit: 80))' is no digest; the plan's last lines show its own")
        }
        if allowKill, mode != .apply { throw ValidationError("--allow-kill goes with --apply") }
        if risks, stopFlapping { throw ValidationError("--risks and --stop-flapping exclude each other") }
        if mode == .undo, bundle == nil, !stream {
            throw ValidationError("--undo needs the bundle that the steps are written in")
        }
    }

    public func run() async throws {
        if mode != .plan || stream { try requireRoot() }
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
        if stream { return try .received() }
        let target = await TargetResolver.resolve(
            unit: unit.flatMap(UnitName.init(rawValue:)) ?? .agent, port: nil, configuration: nil, root: .live)
        let kept = await EvidenceKeeper(directory: nil, archive: false).keep(Self.collect(target, telling: true))
        guard let evidence = kept.evidence else {
            Voice.standard.hint("nothing is proposed without evidence that is kept")
            throw ExitStatus.undetermined.exit
        }
        return evidence
    }

    /// The bundle, where it is what was sealed.
    private func intact(_ path: String) throws -> SealedEvidence {
        try SealedEvidence.intact(at: path, otherwise: .unfit, hint: "look afresh: patch-doctor remediate")
    }

    private static func collect(_ target: Target, telling: Bool) async -> Observe.Collection {
        await Collector().collect(
            target, version: Version.current, arguments: Array(OwnArguments.all.dropFirst()),
            progress: { if telling { Voice.standard.progress($0) } })
    }

    /// What the unit starts by now: a bundle's word for it is no reason to run a program.
    private static func afresh(_ target: Target) async -> Target {
        await TargetResolver.resolve(
            unit: target.unit, port: target.portSource == "--port" ? target.port : nil,
            configuration: target.configurationSource == "--config" ? target.configuration : nil, root: .live)
    }

    private func surroundings(of evidence: SealedEvidence) -> Remediation.Surroundings {
        let target = evidence.snapshot.target
        return Remediation.Surroundings(
            look: { Look(await Self.collect(await Self.afresh(target), telling: false).snapshot) },
            keep: {
                let now = await Self.afresh(target)
                let kept = EvidenceKeeper(directory: nil, archive: false).keep(await Self.collect(now, telling: true))
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
        // What an ordinary user can't see counts as not ours: the plan of root may be another one.
        if bundle == nil, Terminal.effectiveUser != 0 {
            Voice.standard.hint("run as root; without it much stays unseen, and the plan may be another one")
        }
    }

    private func simulate(_ plan: Plan, on evidence: SealedEvidence) async throws {
        let remediation = remediation(plan, on: evidence, approval: Approval(.digest) { _ in false })
        let rehearsal = try await heeding(evidence) { () async throws(Remediation.Failure) in
            try await remediation.rehearse()
        }
        try put(
            format == .json
                ? JSONReport.encode(RehearsalDocument(plan, rehearsal))
                : Array(RehearsalText(rehearsal).text.utf8))
        if rehearsal.contains(where: { !$0.isReady }) || plan.steps.isEmpty { throw ExitStatus.problem.exit }
    }

    private func apply(_ plan: Plan, on evidence: SealedEvidence) async throws {
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
        try requireRun(of: plan, on: evidence)
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
            guard case .held = error else {
                Voice.standard.error("nothing was done: \(error)")
                Voice.standard.hint("make that possible, then run the same command again")
                throw ExitStatus.problem.exit
            }
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
        tellHowToGoOn(evidence)
        let outcome: Outcome
        do throws(Remediation.Failure) {
            outcome = try await deed(remediation, lock)
        } catch {
            throw complain(error, about: evidence)
        }
        Voice.standard.progressEnded()
        try put(
            format == .json
                ? JSONReport.encode(outcome)
                : Array(OutcomeText(outcome, plan, bundle: evidence.location, options: options).text.utf8))
        if !outcome.isAsWanted { throw ExitStatus.problem.exit }
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

    /// Another choice of options makes another plan, whose steps would be none of this one's.
    private func requireRun(of plan: Plan, on evidence: SealedEvidence) throws {
        func wasRun(_ plan: Plan) -> Bool { (try? Progress(of: plan, in: evidence))?.wasApproved == true }
        if wasRun(plan) { return }
        let location = evidence.location.harmless(limit: 4096)
        Voice.standard.error("nothing was undone: \(Refusal.neverRun)")
        let diagnosis = Diagnostician().diagnose(evidence.snapshot)
        for (risks, stopping, words) in [
            (false, false, ""), (true, false, " --risks"), (false, true, " --stop-flapping"),
        ]
        where wasRun(Planner.plan(evidence, diagnosis, risks: risks, stopping: stopping)) {
            Voice.standard.hint("another one was run: patch-doctor remediate \(location)\(words) --undo")
        }
        throw ExitStatus.unfit.exit
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

extension Outcome {
    /// What was asked for came about.
    var isAsWanted: Bool {
        switch result {
        case .healed, .stopped: true
        case .undone: undone.allSatisfy(\.succeeded)
        case .notHealed, .declined: false
        }
    }
}
