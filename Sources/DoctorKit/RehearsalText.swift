import Remediate
import Report
import Values

/// What each step comes to as of now, without doing any.
struct RehearsalText {
    private let steps: [Rehearsal]

    init(_ steps: [Rehearsal]) { self.steps = steps }

    var text: String {
        guard !steps.isEmpty else { return "NO PLAN  there is nothing to rehearse\n" }
        var page = Page()
        let refused = steps.filter { !$0.isReady }.map { "\($0.step.number)" }
        page.line(
            refused.isEmpty
                ? "REHEARSED  nothing was done; each step could be"
                : "REFUSED  nothing was done; as of now a run would end at step \(refused[0])")
        for step in steps {
            page.line("\(step.step.number). \(step.step.firstLine)")
            page.paragraph(step.words.harmless(limit: 1024), lead: "   ")
        }
        return page.text
    }
}

extension Plan.Step {
    /// Of a command with a text of several lines the first.
    var firstLine: String { command.split(separator: "\n").first.map(String.init) ?? "" }
}

/// The same for machines: docs/rehearsal.schema.json.
struct RehearsalDocument: Encodable {
    struct Step: Encodable {
        let number: Int
        let command: String
        let ready: Bool
        let words: String
    }

    let schema = "patch-doctor.rehearsal/1"
    let plan: String
    let steps: [Step]

    init(_ plan: Plan, _ steps: [Rehearsal]) {
        self.plan = plan.digest.labelled
        self.steps = steps.map {
            Step(
                number: $0.step.number, command: $0.step.command, ready: $0.isReady,
                words: $0.words.harmless(limit: 1024))
        }
    }
}
