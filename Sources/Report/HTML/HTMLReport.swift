import Diagnose
import Evidence
import Values

/// The report as one file for a browser, a phone, a ticket or a printer: it loads nothing from elsewhere, runs no
/// script and says so in its Content-Security-Policy. It is well-formed XHTML too, so that any XML parser can read it.
public enum HTMLReport {
    /// How much of a long list is shown; everything is in the JSON form.
    private static let factsShown = 8
    private static let rowsShown = 100

    public static func text(_ report: Report) -> String {
        var page = head(of: report)
        page += "<body>\n<main>\n"
        page += verdict(of: report)
        page += findings("now", "\(report.rootTitle)", .root, report)
        page += findings("origin", "What started it", .origin, report)
        page += findings("worse", "Makes it worse", .contributing, report)
        page += findings("next", "Next in line", .risk, report)
        page += history(of: report)
        page += watch(of: report)
        page += processes(of: report)
        page += ruledOut(of: report)
        page += limits(of: report)
        page += evidence(of: report)
        page += "</main>\n</body>\n</html>\n"
        return page.text
    }

    private static func head(of report: Report) -> Markup {
        """
        <!DOCTYPE html>
        <html xmlns="http://www.w3.org/1999/xhtml" lang="en" xml:lang="en">
        <head>
        <meta charset="utf-8"/>
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
        style-src 'sha256-\(Stylesheet.hash)'; base-uri 'none'; form-action 'none'"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="color-scheme" content="light dark"/>
        <meta name="referrer" content="no-referrer"/>
        <meta name="format-detection" content="telephone=no"/>
        <title>\(report.verdict.rawValue): \(report.unit.rawValue) on \(report.host.name, limit: 128)</title>
        <style>\(Stylesheet.text)</style>
        </head>

        """
    }

    private static func verdict(of report: Report) -> Markup {
        var figures: Markup = ""
        for figure in Figure.all(of: report) {
            let note: Markup = figure.note.map { " <span class=\"small quiet\">\($0, limit: 80)</span>" } ?? ""
            figures += "<div><dt>\(figure.name)</dt><dd>\(figure.value, limit: 64)\(note)</dd></div>\n"
        }
        let headline = report.headline.prefix(1).uppercased() + report.headline.dropFirst()
        return """
            <header class="\(report.verdict.rawValue)">
            <h1><span class="verdict">\(report.verdict.rawValue)</span> \
            <b>\(report.unit.rawValue)</b> on <bdi>\(report.host.name, limit: 128)</bdi></h1>
            <p class="headline">\(headline).</p>
            </header>
            <dl class="figures">
            \(figures)</dl>

            """
    }

    /// A section with its heading.
    static func section(_ id: Markup, _ title: Markup, _ content: Markup, kind: Markup = "plain") -> Markup {
        """
        <section class="\(kind)" aria-labelledby="\(id)">
        <h2 id="\(id)">\(title)</h2>
        \(content)</section>

        """
    }

    private static func findings(_ id: Markup, _ title: Markup, _ role: Role, _ report: Report) -> Markup {
        var content: Markup = ""
        for finding in report.findings where finding.role == role { content += article(finding, report) }
        guard !content.text.isEmpty else { return content }
        return section(id, title, content, kind: role == .root ? "root" : role == .origin ? "origin" : "plain")
    }

    private static func article(_ finding: Finding, _ report: Report) -> Markup {
        var article: Markup = """
            <article>
            <h3>\(Headline.title(of: finding.id, ofDeadHost: report.offline != nil))</h3>
            <p class="small quiet"><code>\(finding.id)</code> · \(finding.confidence.rawValue) · \
            <code>\(finding.runbook)</code></p>
            <p>\(flowing: finding.summary)</p>
            <dl class="facts">

            """
        var above: Fact?
        for fact in finding.facts.prefix(factsShown) {
            // Several facts of one source stand below its name, which is said once.
            if fact.source != above?.source || fact.path != above?.path {
                article += above == nil ? "<div>" : "</div>\n<div>"
                article += term(for: fact)
            }
            article += "<dd>\(flowing: fact.value)</dd>"
            above = fact
        }
        if above != nil { article += "</div>\n" }
        for absence in finding.missing.prefix(factsShown) {
            article += "<div><dt>not seen</dt><dd>\(flowing: "\(absence.what): \(absence.why)")</dd></div>\n"
        }
        article += "</dl>\n"
        let rest = finding.facts.count - factsShown
        if rest > 0 { article += "<p class=\"small quiet\">and \(rest) more facts (--format json)</p>\n" }
        return article + "</article>\n"
    }

    /// A fact's source and where the bundle has it; a journal cursor, which fills two lines, is left to the JSON form.
    private static func term(for fact: Fact) -> Markup {
        let source = fact.source.hasPrefix("journal cursor") ? "journal" : fact.source
        let path: Markup = fact.path.map { " <code>\(flowing: $0, limit: 200)</code>" } ?? ""
        return "<dt>\(flowing: source, limit: 120)\(path)</dt>"
    }

    private static func ruledOut(of report: Report) -> Markup {
        let suspects = report.ruledOutBySuspicion.prefix(rowsShown)
        // What clears several suspects is said once.
        var said: [String] = []
        var rows: Markup = ""
        for suspect in suspects where !said.contains(suspect.because) {
            said.append(suspect.because)
            var names: Markup = ""
            for other in suspects where other.because == suspect.because { names += "<code>\(other.id)</code> " }
            rows += """
                <tr><th scope="row" class="id">\(names)</th><td>\(flowing: suspect.because)</td></tr>

                """
        }
        return table(
            "ruled-out", "Ruled out", "Suspects that were checked",
            head: "<tr><th scope=\"col\">suspect</th><th scope=\"col\">because</th></tr>", rows)
    }

    private static func limits(of report: Report) -> Markup {
        // What was not seen, in the collector's order, then what only a rule missed; each said once.
        var missed: [String] = []
        func miss(_ words: String) {
            if missed.count < rowsShown, !missed.contains(words) { missed.append(words) }
        }
        for item in report.notObserved { miss("\(item.what): \(item.why)") }
        for item in report.undecided { miss(words(for: item.absence)) }
        var rows: Markup = ""
        for what in missed {
            var ids: Markup = ""
            for item in report.undecided where words(for: item.absence) == what { ids += "<code>\(item.id)</code> " }
            rows += "<tr><th scope=\"row\">\(flowing: what)</th><td class=\"id\">\(ids)</td></tr>\n"
        }
        return table(
            "limits", "Not seen", "What could not be seen, and what therefore could not be told",
            head: "<tr><th scope=\"col\">not seen</th><th scope=\"col\">so it could not be told</th></tr>", rows)
    }

    private static func words(for absence: Absence) -> String { absence.what + ": " + absence.why }

    /// A section that is one table; nothing where that has no rows.
    private static func table(
        _ id: Markup, _ title: Markup, _ caption: Markup, head: Markup, _ rows: Markup, kind: Markup = "plain"
    ) -> Markup {
        guard !rows.text.isEmpty else { return rows }
        let head: Markup = head.text.isEmpty ? head : "<thead>\(head)</thead>\n"
        return section(
            id, title,
            "<table><caption>\(caption)</caption>\n\(head)<tbody>\n\(rows)</tbody></table>\n", kind: kind)
    }

    private static func evidence(of report: Report) -> Markup {
        var rows: Markup = ""
        func row(_ name: Markup, _ value: Markup) {
            rows += "<tr><th scope=\"row\" class=\"key\">\(name)</th><td>\(value)</td></tr>\n"
        }
        let evidence = report.evidence
        if evidence.sealed {
            row("Bundle", "<code>\(flowing: evidence.path ?? "", limit: 4096)</code>")
            row("Manifest", "<code>\(evidence.digest ?? "")</code>")
            row("Check it", "<code>patch-doctor verify BUNDLE</code>")
        } else {
            row("Bundle", "<span class=\"gone\">not kept</span>: \(evidence.because ?? "unknown reason")")
        }
        if let offline = report.offline {
            row("Looked at", "\(flowing: offline.places), not a running host; \(offline.end(at: report.observed))")
        }
        row("Observed", "\(report.observed.started) to \(report.observed.finished)")
        row("By", "\(report.tool.name) \(report.tool.version), as user \(Int(report.tool.effectiveUser))")
        row("Host", "\(report.host.name)")
        if let container = report.host.container { row("Container", "\(container)") }
        if let system = report.host.operatingSystem { row("System", "\(system)") }
        if let kernel = report.host.kernel { row("Kernel", "\(kernel)") }
        if let systemd = report.host.systemd { row("systemd", "\(systemd)") }
        if let boot = report.host.bootID { row("Boot", "<code>\(boot)</code>") }
        let clocks =
            report.offline == nil
            ? "Times are UTC, by the host's own clock."
            : "Times are UTC: of what it wrote by its own clock, of the look by that of the machine that looked."
        let unchanged = report.unchanged.prefix(1).uppercased() + report.unchanged.dropFirst()
        let section = table("evidence", "Evidence", "Where it lies and who looked", head: "", rows, kind: "short")
        return section
            + "<footer><p>\(unchanged). \(clocks)</p></footer>\n"
    }
}
