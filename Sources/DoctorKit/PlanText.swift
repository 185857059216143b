import Diagnose
import Remediate
import Report
import Runbooks
import Values

/// A plan for the person who has to approve it: what would be done, why, and what it costs.
struct PlanText {
    private let plan: Plan
    private let bundle: String
    private let progress: Progress?
    private let options: String

    init(_ plan: Plan, bundle: String, progress: Progress?, options: String) {
        self.plan = plan
        self.bundle = bundle
        self.progress = progress
        self.options = options
    }

    var text: String {
        var lines = [headline]
        for step in plan.steps { lines += [""] + self.lines(of: step) }
        if !plan.advice.isEmpty {
            lines += ["", "Not ours to do"]
            for advice in plan.advice { lines += self.lines(of: advice) }
        }
        lines += [""] + closing
        return lines.joined(separator: "\n") + "\n"
    }

    private var headline: String {
        let about = "\(plan.unit) on \(plan.host)"
        if !plan.steps.isEmpty {
            let count = plan.steps.count == 1 ? "1 step" : "\(plan.steps.count) steps"
            return "PLAN  \(about): \(count), nothing done yet"
        }
        if plan.verdict == .healthy { return "NOTHING TO DO  \(about) is healthy" }
        return plan.advice.isEmpty
            ? "NO PLAN  \(about): no cause was found that could be answered"
            : "NO PLAN  \(about): its cause is not ours to remove, so nothing would be changed"
    }

    private func lines(of step: Plan.Step) -> [String] {
        let command = step.command.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var lines = ["\(step.number). \(command[0])"] + command.dropFirst().map { "   \($0)" }
        lines.append(row("because", step.because.map { "\($0.finding) (\($0.subject))" }.joined(separator: ", ")))
        lines.append(row("only if", step.precondition))
        lines.append(row("done when", step.success))
        lines.append(row("undo", step.undo ?? "can't be undone"))
        lines.append(row("destroys", step.destroys))
        return lines
    }

    private func lines(of advice: Advice) -> [String] {
        var lines = ["  \(advice.finding)  \(advice.subject.harmless(limit: 200))"]
        lines.append(row("why not", advice.because))
        lines.append(row("ask", advice.ask))
        let runbook = Runbook(advice.finding)?["What the remedy does"].map { Erasure.commands(in: $0.text) } ?? []
        for command in (advice.commands.isEmpty ? runbook : advice.commands).prefix(6) {
            lines.append("     \(command)")
        }
        lines.append(row("more", "patch-doctor explain \(advice.finding)"))
        return lines
    }

    private var closing: [String] {
        let bundle = shown(bundle)
        var lines = ["Evidence  \(bundle)"]
        guard !plan.steps.isEmpty else { return lines }
        if let progress, progress.wasBrokenOff {
            let done = progress.begun.keys.filter { progress.ended[$0] == .done }.count
            lines.append(
                "Earlier   a run of this plan was broken off after \(done) of \(plan.steps.count) steps: --apply goes on, "
                    + "--undo takes back")
        }
        lines += [
            "Digest    \(plan.digest.labelled)",
            "Next      patch-doctor remediate \(bundle)\(options) --apply",
            "          asks before it does anything; without a terminal add --approve with the digest",
        ]
        return lines
    }

    private func row(_ name: String, _ words: String) -> String {
        let padded = name + String(repeating: " ", count: max(0, 10 - name.utf8.count))
        return "   \(padded) \(words)"
    }

    private func shown(_ path: String) -> String { path.harmless(limit: 4096) }
}

/// What each step comes to as of now, without doing any.
struct RehearsalText {
    private let plan: Plan
    private let steps: [(step: Plan.Step, words: String, isReady: Bool)]

    init(_ plan: Plan, _ steps: [(step: Plan.Step, words: String, isReady: Bool)]) {
        self.plan = plan
        self.steps = steps
    }

    var text: String {
        guard !steps.isEmpty else { return "NO PLAN  there is nothing to rehearse\n" }
        let isReady = steps.allSatisfy(\.isReady)
        var lines = [
            isReady
                ? "REHEARSED  nothing was done; each step could be"
                : "REHEARSED  nothing was done; a step would be refused"
        ]
        for (step, words, _) in steps {
            let command = step.command.split(separator: "\n").first.map(String.init) ?? ""
            lines += ["\(step.number). \(command)", "   \(words)"]
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

struct RehearsalDocument: Encodable {
    struct Step: Encodable {
        let number: Int
        let command: String
        let ready: Bool
        let words: String
    }

    let schema = "patch-doctor.rehearsal/1"
    let plan: Digest
    let steps: [Step]

    init(_ plan: Plan, _ steps: [(step: Plan.Step, words: String, isReady: Bool)]) {
        self.plan = plan.digest
        self.steps = steps.map {
            Step(number: $0.step.number, command: $0.step.command, ready: $0.isReady, words: $0.words)
        }
    }
}

/// What came of a plan: the verdict first.
struct OutcomeText {
    private let outcome: Outcome
    private let plan: Plan
    private let bundle: String

    init(_ outcome: Outcome, _ plan: Plan, bundle: String) {
        self.outcome = outcome
        self.plan = plan
        self.bundle = bundle
    }

    var text: String {
        var lines = ["\(verdict)  \(plan.unit) on \(plan.host): \(outcome.summary)"]
        for step in outcome.steps {
            let command = step.command.split(separator: "\n").first.map(String.init) ?? ""
            lines += ["", "\(step.number). \(command)", "   \(step.result.rawValue): \(step.words)"]
        }
        if !outcome.undone.isEmpty {
            lines += ["", "Undone"]
            lines += outcome.undone.map { "   step \($0.number): \($0.succeeded ? "" : "FAILED: ")\($0.words)" }
        }
        if !outcome.lasting.isEmpty { lines += ["", "Can't be undone"] + outcome.lasting.map { "   \($0)" } }
        lines += ["", "Evidence  \(bundle.harmless(limit: 4096))", "          each step is in its custody.jsonl"]
        if let after = outcome.evidenceAfter {
            lines.append("          afterwards: \(after.path.harmless(limit: 4096))")
        }
        if outcome.result != .healed { lines.append("Next      patch-doctor") }
        return lines.joined(separator: "\n") + "\n"
    }

    private var verdict: String {
        switch outcome.result {
        case .healed: "HEALED"
        case .stopped: "STOPPED"
        case .notHealed: "NOT HEALED"
        case .declined: "ENDED BY REQUEST"
        case .undone: "UNDONE"
        }
    }
}
