import Diagnose
import Evidence
import Values

/// The report as one file for a browser, a phone, a ticket or a printer: it loads nothing from elsewhere, runs no script
/// and says so in its Content-Security-Policy. It is well-formed XHTML too, so that any XML parser can read it.
public struct HTMLReport {
    private let report: Report
    private var page: Markup = "<!DOCTYPE html>\n"

    /// How much of a long list is shown; everything is in the JSON form.
    private static let factsShown = 8
    private static let rowsShown = 100

    public static func text(_ report: Report) -> String {
        var writer = HTMLReport(report: report)
        writer.write()
        return writer.page.text
    }

    private init(report: Report) { self.report = report }

    private mutating func write() {
        head()
        page += "<body>\n<main>\n"
        verdict()
        findings("now", "Happening now", .root)
        findings("origin", "What started it", .origin)
        findings("worse", "Makes it worse", .contributing)
        findings("next", "Next in line", .risk)
        page += Self.history(of: report)
        page += Self.processes(of: report)
        ruledOut()
        limits()
        evidence()
        page += "</main>\n</body>\n</html>\n"
    }

    private mutating func head() {
        page += """
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
            <style>
            """
        page += Stylesheet.text
        page += "</style>\n</head>\n"
    }

    private mutating func verdict() {
        let headline = report.headline.prefix(1).uppercased() + report.headline.dropFirst()
        page += """
            <header class="\(report.verdict.rawValue)">
            <h1><span class="verdict">\(report.verdict.rawValue)</span> \
            <b>\(report.unit.rawValue)</b> on <bdi>\(report.host.name, limit: 128)</bdi></h1>
            <p class="headline">\(headline).</p>
            </header>
            <dl class="figures">

            """
        for figure in Figure.all(of: report) {
            page += "<div><dt>\(figure.name)</dt><dd>\(figure.value, limit: 64)"
            if let note = figure.note { page += " <span class=\"small quiet\">\(note, limit: 80)</span>" }
            page += "</dd></div>\n"
        }
        page += "</dl>\n"
    }

    /// A section with its heading.
    static func section(_ id: Markup, _ title: Markup, _ content: Markup, kind: Markup = "plain") -> Markup {
        """
        <section class="\(kind)" aria-labelledby="\(id)">
        <h2 id="\(id)">\(title)</h2>
        \(content)</section>

        """
    }

    private mutating func findings(_ id: Markup, _ title: Markup, _ role: Role) {
        let findings = report.findings(role)
        guard !findings.isEmpty else { return }
        var content: Markup = ""
        for finding in findings.prefix(Self.rowsShown) { content += Self.article(finding) }
        let kind: Markup = role == .root ? "root" : role == .origin ? "origin" : "plain"
        page += Self.section(id, title, content, kind: kind)
    }

    private static func article(_ finding: Finding) -> Markup {
        var article: Markup = """
            <article>
            <h3>\(RuleBook.info(finding.id)?.title ?? finding.id)</h3>
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

    private mutating func ruledOut() {
        guard !report.ruledOut.isEmpty else { return }
        // What clears several suspects is said once.
        let suspects = Array(report.ruledOutBySuspicion.prefix(Self.rowsShown))
        let ids = Dictionary(grouping: suspects, by: \.because).mapValues { $0.map(\.id) }
        var said: Set<String> = []
        var rows: Markup = ""
        for suspect in suspects where said.insert(suspect.because).inserted {
            var names: Markup = ""
            for id in ids[suspect.because] ?? [] { names += "<code>\(id)</code> " }
            rows += """
                <tr><th scope="row" class="id">\(names)</th><td>\(flowing: suspect.because)</td></tr>

                """
        }
        page += Self.section(
            "ruled-out", "Ruled out",
            """
            <table><caption>Suspects that were checked</caption>
            <thead><tr><th scope="col">suspect</th><th scope="col">because</th></tr></thead>
            <tbody>
            \(rows)</tbody></table>

            """)
    }

    private mutating func limits() {
        var told: [String: [String]] = [:]
        for item in report.undecided { told["\(item.absence.what): \(item.absence.why)", default: []].append(item.id) }
        // What was not seen, in the collector's order, then what only a rule missed; each said once.
        let missed = report.notObserved.map { "\($0.what): \($0.why)" } + told.keys.sorted()
        guard !missed.isEmpty else { return }
        var said: Set<String> = []
        var rows: Markup = ""
        for words in missed.prefix(Self.rowsShown) where said.insert(words).inserted {
            var ids: Markup = ""
            for id in told[words] ?? [] { ids += "<code>\(id)</code> " }
            rows += "<tr><th scope=\"row\">\(flowing: words)</th><td class=\"id\">\(ids)</td></tr>\n"
        }
        page += Self.section(
            "limits", "Not seen",
            """
            <table><caption>What could not be seen, and what therefore could not be told</caption>
            <thead><tr><th scope="col">not seen</th><th scope="col">so it could not be told</th></tr></thead>
            <tbody>
            \(rows)</tbody></table>

            """)
    }

    private mutating func evidence() {
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
        row("Observed", "\(report.observed.started) to \(report.observed.finished)")
        row("By", "\(report.tool.name) \(report.tool.version), as user \(Int(report.tool.effectiveUser))")
        let host = report.host
        row("Host", "\([host.name, host.container].compactMap { $0 }.joined(separator: ", in "))")
        let system = [host.operatingSystem, host.kernel.map { "kernel \($0)" }, host.systemd.map { "systemd \($0)" }]
        row("System", "\(system.compactMap { $0 }.joined(separator: ", "))")
        row("Boot", "<code>\(host.bootID ?? "not observed")</code>")
        page += Self.section(
            "evidence", "Evidence",
            "<table><caption>Where the evidence lies and who looked</caption>\n<tbody>\n\(rows)</tbody></table>\n")
        page += "<footer><p>Nothing was changed on this host. Times are UTC, by the host's own clock.</p></footer>\n"
    }
}
