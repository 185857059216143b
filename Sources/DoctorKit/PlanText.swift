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
        self.bundle = bundle.harmless(limit: 4096)
        self.progress = progress
        self.options = options
    }

    var text: String {
        var page = Page()
        let (verdict, words) = headline
        page.paragraph("\(plan.unit) on \(plan.host): \(words)", lead: verdict + "  ", hang: 2)
        for step in plan.steps { write(step, to: &page) }
        if !plan.advice.isEmpty {
            page.blank()
            page.line("Not ours to do")
            var told: Set<String> = []
            for advice in plan.advice { write(advice, isFirst: told.insert(advice.finding).inserted, to: &page) }
        }
        page.blank()
        close(&page)
        return page.text
    }

    private var headline: (verdict: String, words: String) {
        if !plan.steps.isEmpty {
            let count = plan.steps.count == 1 ? "1 step" : "\(plan.steps.count) steps"
            let done = progress?.wasApproved == true ? "run before, see below" : "nothing done yet"
            return ("PLAN", (plan.stopsUnit ? "\(count) to stop it, " : "\(count), ") + done)
        }
        if plan.verdict == .healthy { return ("NOTHING TO DO", "it is healthy") }
        return (
            "NO PLAN",
            plan.advice.isEmpty
                ? "no cause was found that could be answered"
                : "nothing would be changed, for what is wrong is not ours to put right"
        )
    }

    private func write(_ step: Plan.Step, to page: inout Page) {
        page.blank()
        let lines = step.command.split(separator: "\n", omittingEmptySubsequences: false)
        // The text of a file begins at the margin, as it has to be pasted.
        for (index, line) in lines.enumerated() { page.line((index == 0 ? "\(step.number). " : "") + line) }
        page.row("because", step.because.map { "\($0.finding) (\($0.subject))" }.joined(separator: ", "))
        page.row("only if", step.precondition)
        page.row("done when", step.success)
        // A command to be copied stays on its line.
        if let undo = step.undo { page.line("   " + "undo".padded(to: 11) + undo.harmless(limit: 4096)) }
        if step.undo == nil {
            page.row(
                "destroys",
                step.destroys == "nothing" ? "nothing, and can't be undone" : step.destroys + "; can't be undone")
        } else if step.destroys != "nothing" {
            page.row("destroys", step.destroys)
        }
    }

    private func write(_ advice: Advice, isFirst: Bool, to page: inout Page) {
        page.paragraph(advice.subject.harmless(limit: 200), lead: "  \(advice.finding)  ", hang: 4)
        page.row("why not", advice.because)
        page.row("ask", advice.ask)
        for command in advice.commands.prefix(6) { page.line("     \(command.harmless(limit: 4096))") }
        if advice.commands.isEmpty, isFirst { writeRunbook(of: advice.finding, to: &page) }
        page.row("more", "patch-doctor explain \(advice.finding)")
    }

    /// The runbook's commands are ways to choose from, some of which cost evidence: both has to be said with them.
    private func writeRunbook(of finding: String, to page: inout Page) {
        let section = Runbook(finding)?["What the remedy does"]
        let known = section.map { Erasure.all(in: $0.text) } ?? []
        // This command is what the reader comes from.
        let commands = known.filter { !$0.command.hasSuffix("patch-doctor remediate") }
        guard !commands.isEmpty else { return }
        page.row("by hand", "one way or another, not all of these: the runbook says which, and when")
        for entry in commands.prefix(8) {
            let words = entry.command.split(separator: " ").map { word in
                word == UnitName.agent.rawValue ? plan.unit.rawValue : String(word)
            }
            page.line("     \(words.joined(separator: " "))")
            let erases = entry.erases ?? "unknown"
            if erases != Erasure.nothing { page.paragraph("erases \(erases)", lead: "       ") }
        }
    }

    private func close(_ page: inout Page) {
        page.line("Evidence \(bundle)")
        guard !plan.steps.isEmpty else { return }
        if let progress, progress.wasBrokenOff {
            let done = progress.begun.keys.filter { progress.ended[$0] == .done }.count
            page.paragraph(
                "a run of this plan was broken off after \(done) of \(plan.steps.count) steps: --apply goes on, --undo "
                    + "takes back", lead: "Earlier  ")
        } else if let progress, progress.wasApproved {
            let back = progress.standing.isEmpty ? "" : "; --undo takes back what can be"
            page.paragraph(
                "a run of this plan came to its end, and what it did is in the bundle's custody.jsonl\(back)",
                lead: "Earlier  ")
        }
        page.line("Digest   \(plan.digest.labelled)")
        page.line("Next     patch-doctor remediate \(bundle)\(options) --apply")
        page.paragraph(
            "asks before it does anything; where there is no terminal to ask at, add --approve and the digest",
            lead: "         ")
    }
}

extension Page {
    /// A row of a step: its name, and words from outside made harmless and wrapped.
    fileprivate mutating func row(_ name: String, _ words: String) {
        paragraph(words.harmless(limit: 1024), lead: "   " + name.padded(to: 11))
    }
}
