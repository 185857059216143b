import Diagnose
import Values

/// An RCA as a document: the parts of `RCA/TEMPLATE.md` in their order. All prose comes out of claims, so that each
/// sentence ends in the items it rests on.
public struct RCAMarkdown {
    private let analysis: RootCauseAnalysis
    private var text = ""

    public static func text(_ analysis: RootCauseAnalysis) -> String {
        var writer = RCAMarkdown(analysis)
        writer.write()
        return writer.text
    }

    private init(_ analysis: RootCauseAnalysis) { self.analysis = analysis }

    private mutating func write() {
        line("# Root cause analysis: \(escaped(analysis.title))")
        line("")
        line("<!-- \(analysis.schema), written by patch-doctor \(analysis.version) from verified bundles alone. -->")
        section("Executive summary")
        for claim in analysis.summary { line("- \(prose(claim))") }
        evidence()
        timeline()
        causes()
        ruledOut()
        actions()
        prevention()
        section("Confidence and its limits")
        for claim in analysis.limits { line("- \(prose(claim))") }
        items()
    }

    private mutating func evidence() {
        section("Evidence")
        table("host", "bundle", "manifest digest", "restarts", "kept before any change?", "custody")
        for host in analysis.evidence {
            row(
                escaped(host.host), MarkdownText.code(host.bundle), "`\(host.manifest)`", prose(host.restarts),
                prose(host.kept), prose(host.custody))
        }
        guard !analysis.refused.isEmpty else { return }
        line("")
        table("refused, and no part of this", "because")
        for refusal in analysis.refused { row(MarkdownText.code(refusal.bundle), escaped(refusal.because)) }
    }

    private mutating func timeline() {
        section("Timeline")
        table("first", "last", "host", "failures", "what happened")
        for event in analysis.timeline {
            row(
                event.first.rfc3339, event.last?.rfc3339 ?? "", escaped(event.host),
                event.failures.map(String.init) ?? "", prose(event.what))
        }
        if !analysis.restarts.isEmpty { line("") }
        for claim in analysis.restarts { line("- \(prose(claim))") }
    }

    private mutating func causes() {
        section("Causes")
        for claim in analysis.withoutCause { line("- \(prose(claim))") }
        for cause in analysis.causes {
            line("")
            line("### \(cause.role.word): \(cause.id)")
            line("")
            for statement in cause.statements {
                let host = escaped(statement.host)
                line("- \(host), *\(statement.confidence.rawValue)*: \(prose(statement.what))")
            }
            line("")
            table("host", "seen", "source", "item")
            for statement in cause.statements {
                for fact in statement.facts {
                    row(escaped(statement.host), escaped(fact.value), escaped(fact.source), "[\(fact.item.item)]")
                }
            }
        }
    }

    private mutating func ruledOut() {
        section("Ruled out")
        table("suspect", "host", "the fact that clears it")
        for suspect in analysis.ruledOut {
            row("`\(suspect.id)`", escaped(hosts(suspect.hosts)), prose(suspect.because))
        }
    }

    private mutating func actions() {
        section("Immediate actions, for approval")
        if analysis.actions.isEmpty { for claim in analysis.withoutCause { line("- \(prose(claim))") } }
        for (number, action) in analysis.actions.enumerated() {
            line("")
            line("### \(number + 1). \(action.id)")
            line("")
            for claim in action.about { line("- \(prose(claim))") }
            line("")
            line("> *\(action.runbook), what the remedy does:*")
            line(">")
            for words in action.instructions.split(separator: "\n", omittingEmptySubsequences: false) {
                line(words.isEmpty ? ">" : "> \(words)")
            }
            guard !action.commands.isEmpty else { continue }
            line("")
            table("command", "evidence that it destroys")
            for command in action.commands {
                row(MarkdownText.code(command.command), escaped(command.erases ?? "not known"))
            }
        }
    }

    private mutating func prevention() {
        section("Prevention")
        for measure in analysis.prevention {
            let more = measure.id.map { " (`patch-doctor explain \($0)`)" } ?? ""
            line("- \(escaped(measure.why.text))\(more) \(citations(measure.why))")
            guard let file = measure.file else { continue }
            line("")
            line("      # \(file.path)")
            for words in file.text.split(separator: "\n") { line("      \(words)") }
            line("")
        }
    }

    private mutating func items() {
        section("Evidence items")
        table("item", "host", "file in the bundle", "sha256", "what was read")
        for item in analysis.items {
            row(
                "[\(item.id)]", escaped(item.host), MarkdownText.code(item.path), "`\(item.sha256.short)`",
                escaped(item.source))
        }
    }

    /// A sentence and the items it rests on; of many, the first few, for the JSON form has them all.
    private func prose(_ claim: Claim) -> String { "\(escaped(claim.text)) \(citations(claim))" }

    private func citations(_ claim: Claim) -> String {
        let shown = claim.items.prefix(8).map { "[\($0.item)]" }.joined(separator: " ")
        let rest = claim.items.count - 8
        return rest > 0 ? "\(shown) and \(rest) more" : shown
    }

    private func hosts(_ names: [String]) -> String {
        names.count == analysis.evidence.count && names.count > 1
            ? "all" : names.prefix(6).joined(separator: ", ") + (names.count > 6 ? " and \(names.count - 6) more" : "")
    }

    private mutating func section(_ title: String) {
        line("")
        line("## \(title)")
        line("")
    }

    private mutating func table(_ titles: String...) {
        line("| \(titles.joined(separator: " | ")) |")
        line("|" + titles.map { $0 == "failures" ? "---:|" : "---|" }.joined())
    }

    private mutating func row(_ cells: String...) { line("| \(cells.joined(separator: " | ")) |") }

    /// A line; never two empty ones.
    private mutating func line(_ words: String) {
        if words.isEmpty, text.hasSuffix("\n\n") { return }
        text += words + "\n"
    }

    private func escaped(_ words: String) -> String { MarkdownText.escaped(words) }
}

extension Role {
    fileprivate var word: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
}
