import Diagnose
import Evidence
import Values

/// One screen for a tired person: verdict, story, what was ruled out, where the evidence lies, what to do next.
/// A class, since code that copies a whole report would cost the program two kilobytes.
public final class TerminalReport {
    private let report: Report
    private var page: Page

    /// How much of a long list fits the screen; everything is in the JSON form.
    private static let factsShown = 3
    private static let ruledOutShown = 5
    private static let notObservedShown = 4

    /// `width` in columns, 80 unless a narrower terminal says otherwise.
    public static func text(_ report: Report, width: Int = 80, colour: Bool = false) -> String {
        let writer = TerminalReport(report: report, page: Page(width: min(width, 80), colour: colour))
        writer.write()
        return writer.page.text
    }

    private init(report: Report, page: Page) {
        self.report = report
        self.page = page
    }

    private func write() {
        verdict()
        section(report.rootTitle, .root)
        section("What started it", .origin)
        section("Makes it worse", .contributing)
        section("Next in line", .risk)
        history()
        watched()
        ruledOut()
        notSeen()
        evidence()
        next()
    }

    private func verdict() {
        let (word, tone): (String, Page.Tone) =
            switch report.verdict {
            case .healthy: ("HEALTHY", .green)
            case .unhealthy: ("UNHEALTHY", .red)
            case .undetermined: ("UNDETERMINED", .yellow)
            }
        page.paragraph(
            "\(report.unit) on \(report.host.name.harmless(limit: 64)): \(report.headline)", lead: word + "  ",
            leadTone: tone, tone: .bold)
        if let offline = report.offline { page.paragraph(offline.words(at: report.observed), lead: "  ", tone: .dim) }
        guard let state = report.state else { return }
        let moved = state.moved ? ", moving while it was looked at" : ""
        page.paragraph(
            "\(state.active)/\(state.sub), result \(state.result), main pid \(state.mainPID), "
                + "\(state.restarts) restarts\(moved)", lead: "  ", tone: .dim)
    }

    private func section(_ title: String, _ role: Role) {
        let findings = report.findings(role)
        guard !findings.isEmpty else { return }
        page.blank()
        page.line(title, .bold)
        for finding in findings {
            let confidence = finding.confidence == .conclusive ? "" : " (\(finding.confidence.rawValue))"
            page.line("  \(finding.id)\(confidence)", role == .root ? .red : .yellow)
            page.paragraph(finding.summary.harmless(), lead: "    ")
            for fact in finding.facts.prefix(Self.factsShown) {
                item(fact.value, from: fact.source)
            }
            for absence in finding.missing.prefix(2) { item("\(absence.what): \(absence.why)", from: "not seen") }
        }
    }

    /// A cited fact behind its source; a journal cursor, which fills two lines, is left to the JSON form.
    private func item(_ value: String, from source: String) {
        let source = source.hasPrefix("journal cursor") ? "journal" : source.harmless(limit: 48)
        page.paragraph(value.harmless(), lead: "      \(source): ", hang: 8, tone: .dim)
    }

    private func history() {
        guard !report.epochs.isEmpty else { return }
        page.blank()
        page.line("History, from the journal", .bold)
        let counts = report.epochs.map { "\($0.count)" }
        let width = counts.map(\.count).max() ?? 1
        for (epoch, count) in zip(report.epochs, counts) {
            let period = "\(epoch.first.readable.dropLast(4)) to \(epoch.last.readable)"
            page.paragraph("\(period) \(count.leftPadded(to: width)) times", lead: "  ", hang: 4, tone: .dim)
            page.paragraph(epoch.signature.harmless(limit: 200), lead: "    ")
        }
    }

    private func watched() {
        guard let watch = report.watch else { return }
        page.blank()
        page.line("Watched live", .bold)
        page.paragraph(watch.summary, lead: "  ", tone: .dim)
        for ending in watch.endings.prefix(Self.ruledOutShown) {
            page.paragraph("\(ending.count) times \(ending.words)".harmless(limit: 300), lead: "  ", hang: 4)
        }
        for holder in watch.holders.prefix(Self.ruledOutShown) {
            page.paragraph("\(holder.what), \(holder.period)".harmless(), lead: "  port: ", hang: 4)
        }
    }

    private func ruledOut() {
        guard report.verdict != .healthy, !report.ruledOut.isEmpty else { return }
        page.blank()
        page.line("Ruled out", .bold)
        for suspect in report.ruledOutBySuspicion.prefix(Self.ruledOutShown) {
            page.paragraph(suspect.because.harmless(), lead: "  \(suspect.id): ", hang: 4, tone: .dim)
        }
        let rest = report.ruledOut.count - Self.ruledOutShown
        if rest > 0 { page.line("  and \(rest) more (--format json)", .dim) }
    }

    private func notSeen() {
        guard !report.notObserved.isEmpty else { return }
        page.blank()
        page.line("Not seen", .bold)
        for item in report.notObserved.prefix(Self.notObservedShown) {
            page.paragraph("\(item.what.harmless()): \(item.why.harmless())", lead: "  ", tone: .dim)
        }
        let rest = report.notObserved.count - Self.notObservedShown
        if rest > 0 { page.line("  and \(rest) more (--format json)", .dim) }
    }

    private func evidence() {
        page.blank()
        if let path = report.evidence.path, let digest = report.evidence.digest {
            page.paragraph(path, lead: "Evidence  ", leadTone: .bold)
            page.paragraph("sealed, \(digest.prefix(24))…", lead: "          ", tone: .dim)
        } else {
            page.paragraph("NOT KEPT: \(report.evidence.because ?? "unknown reason")", lead: "Evidence  ", tone: .red)
        }
    }

    private func next() {
        var lead = "Next      "
        if let remedy = report.remedy {
            page.line(remedy.command, lead: lead, leadTone: .bold)
            let steps = remedy.steps == 1 ? "1 step" : "\(remedy.steps) steps"
            page.paragraph(
                "prints a plan of \(steps) to heal it; nothing is done without --apply and a yes", lead: "          ")
            lead = "          "
        }
        if let root = report.findings.first {
            page.paragraph("patch-doctor explain \(root.id)", lead: lead, leadTone: .bold)
        }
        page.paragraph(report.unchanged, lead: "          ", tone: .dim)
    }
}

extension Report {
    /// Suspects of the root's own section first: a reader asks "did you look at" about the neighbours of the cause.
    var ruledOutBySuspicion: [RuledOut] {
        let sections = Set((findings(.root) + findings(.origin)).compactMap { RuleBook.info($0.id)?.section })
        func isNear(_ suspect: RuledOut) -> Bool {
            RuleBook.info(suspect.id).map { sections.contains($0.section) } ?? false
        }
        return ruledOut.filter(isNear) + ruledOut.filter { !isNear($0) }
    }
}

extension String {
    func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
