import Diagnose
import Evidence
import Values

/// The report as a document, in the form of the RCA template: what happened, how we know, what was ruled out.
/// A class, since code that copies a whole report would cost the program two kilobytes.
public final class MarkdownReport {
    private let report: Report
    private var text = ""

    public static func text(_ report: Report) -> String {
        let writer = MarkdownReport(report: report)
        writer.write()
        return writer.text
    }

    private init(report: Report) { self.report = report }

    private func write() {
        summary()
        story()
        timeline()
        watched()
        ruledOut()
        limits()
    }

    private func summary() {
        line("# \(escaped(report.unit.rawValue)) on \(escaped(report.host.name)): \(report.verdict.rawValue)")
        line("\(escaped(report.headline.prefix(1).uppercased() + report.headline.dropFirst())).")
        line("| | |\n|---|---|")
        rows([
            ("Observed", "\(report.observed.started.rfc3339) to \(report.observed.finished.rfc3339)"),
            ("Tool", "\(report.tool.name) \(report.tool.version), as user \(report.tool.effectiveUser)"),
            (
                "Host",
                [report.host.operatingSystem, report.host.kernel].compactMap { $0 }.joined(separator: ", kernel ")
            ),
            ("Boot", report.host.bootID ?? "not observed"),
            (
                "Looked at",
                report.offline.map { "\($0.places), not the running host; \($0.end(at: report.observed))" }
                    ?? "the running host"
            ),
            (
                "State",
                report.state.map {
                    "\($0.active)/\($0.sub), result \($0.result), MainPID \($0.mainPID), NRestarts \($0.restarts)"
                } ?? "not observed"
            ),
            (
                "Evidence",
                report.evidence.sealed
                    ? "`\(report.evidence.path ?? "")`, manifest \(report.evidence.digest ?? "")"
                    : "**not kept**: \(report.evidence.because ?? "unknown reason")"
            ),
        ])
    }

    private func story() {
        let titles: [(Role, String)] = [
            (.root, report.offline == nil ? "Root: what is happening now" : "Root: what kept it down"),
            (.origin, "Origin: what started it"),
            (.contributing, "Contributing"), (.risk, "Risks"),
        ]
        for (role, title) in titles where !report.findings(role).isEmpty {
            line("\n## \(title)")
            for finding in report.findings(role) {
                line("\n### \(finding.id): \(escaped(finding.subject))")
                line("\n\(escaped(finding.summary)) (*\(finding.confidence.rawValue)*, [runbook](\(finding.runbook)))")
                line("\n| source | seen |\n|---|---|")
                rows(
                    finding.facts.map { fact in
                        (fact.path.map { "\(fact.source) (`\($0)`)" } ?? fact.source, fact.value)
                    })
                for absence in finding.missing {
                    line("\n*Not seen:* \(escaped(absence.what)): \(escaped(absence.why))")
                }
            }
        }
    }

    private func timeline() {
        guard !report.epochs.isEmpty else { return }
        line("\n## Timeline\n\n| first | last | failures | reason | ended |\n|---|---|---:|---|---|")
        for epoch in report.epochs {
            let cells = [
                epoch.first.rfc3339, epoch.last.rfc3339, "\(epoch.count)", escaped(epoch.signature),
                escaped(epoch.ending),
            ]
            line("| " + cells.joined(separator: " | ") + " |")
        }
        if let restarts = report.restarts, restarts.total > 0 {
            line(
                "\n\(restarts.total) automatic restarts are recorded in the journal; highest counter \(restarts.highestCounter)."
            )
        }
    }

    private func watched() {
        guard let watch = report.watch else { return }
        line("\n## Watched live\n\n\(escaped(watch.summary)).\n\n| seen | when |\n|---|---|")
        rows(watch.endings.map { ("\($0.count) times \($0.words)", "\($0.first.rfc3339) to \($0.last.rfc3339)") })
        rows(watch.holders.map { ("port held by \($0.what)", $0.period) })
    }

    private func ruledOut() {
        guard !report.ruledOut.isEmpty else { return }
        line("\n## Ruled out\n\n| suspect | because |\n|---|---|")
        rows(report.ruledOutBySuspicion.map { ($0.id, $0.because) })
    }

    private func limits() {
        guard !report.notObserved.isEmpty || !report.undecided.isEmpty else { return }
        line("\n## Limits of this look\n")
        for item in report.notObserved { line("- \(escaped(item.what)): \(escaped(item.why))") }
        for item in report.undecided {
            line("- `\(item.id)` could not be told: \(escaped(item.absence.what)), \(escaped(item.absence.why))")
        }
    }

    private func line(_ words: String) { text += words + "\n" }

    private func rows(_ rows: [(String, String)]) {
        for (left, right) in rows { line("| \(escaped(left)) | \(escaped(right)) |") }
    }

    /// Harmless as Markdown and as the HTML that it may become.
    private func escaped(_ words: String) -> String {
        var result = ""
        for character in words.harmless(limit: 1000) {
            switch character {
            case "|", "[": result += "\\\(character)"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            default: result.append(character)
            }
        }
        return result
    }
}
