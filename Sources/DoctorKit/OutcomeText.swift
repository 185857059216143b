import Remediate
import Report
import Values

/// What came of a plan: the verdict first.
struct OutcomeText {
    private let outcome: Outcome
    private let plan: Plan
    private let bundle: String
    private let options: String

    init(_ outcome: Outcome, _ plan: Plan, bundle: String, options: String) {
        self.outcome = outcome
        self.plan = plan
        self.bundle = bundle.harmless(limit: 4096)
        self.options = options
    }

    var text: String {
        var page = Page()
        page.paragraph(
            "\(plan.unit) on \(plan.host): \(outcome.summary.harmless(limit: 1024))", lead: verdict + "  ", hang: 2)
        if !outcome.steps.isEmpty { page.blank() }
        for step in outcome.steps {
            let command = step.command.split(separator: "\n").first.map(String.init) ?? ""
            page.line("\(step.number). \(command)")
            page.paragraph(step.words.harmless(limit: 1024), lead: "   \(step.result.rawValue): ", hang: 5)
        }
        if !outcome.undone.isEmpty {
            page.blank()
            page.line("Undone")
            for undoing in outcome.undone {
                let failed = undoing.succeeded ? "" : "FAILED: "
                page.paragraph(
                    failed + undoing.words.harmless(limit: 1024), lead: "   step \(undoing.number): ", hang: 5)
            }
        }
        if !outcome.lasting.isEmpty {
            page.blank()
            page.line("Can't be undone")
            for words in outcome.lasting { page.paragraph(words.harmless(limit: 1024), lead: "   ", hang: 5) }
        }
        page.blank()
        page.line("Evidence \(bundle)")
        page.line("         each step is in its custody.jsonl")
        if let after = outcome.evidenceAfter { page.line("After    \(after.path.harmless(limit: 4096))") }
        next(&page)
        return page.text
    }

    private var verdict: String {
        switch outcome.result {
        case .healed: "HEALED"
        case .stopped: "STOPPED"
        case .notHealed: "NOT HEALED"
        case .declined: "ENDED BY REQUEST"
        case .undone: outcome.undone.allSatisfy(\.succeeded) ? "UNDONE" : "NOT UNDONE"
        }
    }

    private func next(_ page: inout Page) {
        let remediate = "patch-doctor remediate \(bundle)\(options)"
        switch outcome.result {
        case .healed: break
        case .stopped: page.line("Back     \(remediate) --undo")
        case .declined:
            page.line("Next     \(remediate) --apply")
            if outcome.steps.contains(where: { $0.result == .done }) { page.line("Back     \(remediate) --undo") }
        case .notHealed, .undone: page.line("Next     patch-doctor")
        }
    }
}
