import ArgumentParser
import Custody
import Linux
import Remediate
import Values

extension RemediateCommand {
    /// What makes another plan of the same bundle.
    var options: String { (risks ? " --risks" : "") + (stopFlapping ? " --stop-flapping" : "") }

    func approval(of plan: Plan, on evidence: SealedEvidence) throws -> Approval {
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
        Terminal.discardInput()
        Terminal.write(words, to: .standardError)
        guard let line = Terminal.readLine() else { return nil }
        let answer = line.lowercased().filter { $0 != " " && $0 != "\r" }
        return answers.contains(answer) ? answer : nil
    }
}
