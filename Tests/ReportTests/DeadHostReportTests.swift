import Diagnose
import Evidence
import TestKit
import Testing
import Values

@testable import Report

/// Whoever reads of a host that does not run is told so in every form, and nothing is said of a present that is none.
@Suite struct DeadHostReportTests {
    private let disk = Snapshot.incident.fromItsDisk()
    private let journal = Snapshot.incident.fromItsJournal()

    private func forms(_ host: Snapshot) throws -> [String: String] {
        let report = Report.of(host)
        return [
            "text": TerminalReport.text(report).onOneLine,
            "html": HTMLReport.text(report).replacing(/<[^>]*>/, with: "").onOneLine,
            "markdown": MarkdownReport.text(report),
            // Without what is quoted from runbooks.
            "rca": RCAMarkdown.text(try #require(RootCauseAnalysis(of: [.of(host)]))).split(separator: "\n")
                .filter { !$0.hasPrefix(">") }.joined(separator: "\n"),
        ]
    }

    @Test func `every form says what was looked at, and when the host was last alive`() throws {
        for (form, text) in try forms(disk) {
            #expect(text.contains("the disk below /mnt/dead"), "\(form)")
            #expect(text.contains("the journal ends 2026-05-28 18:40:00 UTC"), "\(form)")
        }
        for (form, text) in try forms(journal) { #expect(text.contains("journal files in /srv/journal"), "\(form)") }
    }

    @Test func `no form says that somebody holds the port, or that anything happens now`() throws {
        for (form, text) in try forms(disk) {
            for words in ["Happening now", "happening now", "holds the port", "on this host"] {
                #expect(!text.contains(words), "\(form): \(words)")
            }
            #expect(text.lowercased().contains("another process held the port then") || form == "markdown", "\(form)")
        }
        for (form, text) in try forms(.incident) {
            #expect(!text.contains("held the port then"), "\(form)")
        }
    }

    @Test func `nothing was changed there, and on a running host here`() throws {
        let dead = try forms(disk), running = try forms(.incident)
        #expect(dead["text"]?.contains("nothing was changed there") == true)
        #expect(dead["html"]?.contains("Nothing was changed there. Times are UTC: of what it wrote") == true)
        #expect(running["html"]?.contains("Nothing was changed on this host.") == true)
        #expect(dead["rca"]?.contains("what it saw is the disk below /mnt/dead, where nothing was changed") == true)
    }

    @Test func `the page's figures are those of an end, not of a present`() throws {
        let figures = Figure.all(of: .of(disk))
        #expect(figures.first?.value == "not running")
        #expect(figures.first?.note == "last entry 2026-05-28 18:40:00 UTC")
        #expect(figures.contains { $0.name == "Failed for" } && !figures.contains { $0.name == "Failing for" })
        #expect(!figures.contains { $0.name.hasPrefix("Port") })
    }

    @Test func `a counter that nobody could read was not set back`() throws {
        let analysis = try #require(RootCauseAnalysis(of: [.of(disk)]))
        #expect(!analysis.evidence[0].kept.text.contains("set back"))
        #expect(analysis.actions.flatMap(\.about).allSatisfy { $0.text.hasSuffix(", once the host runs again") })
    }

    @Test func `the drop-in that corrects the start limit is worked out from the unit's files`() throws {
        let analysis = try #require(RootCauseAnalysis(of: [.of(disk)]))
        #expect(analysis.prevention.contains { $0.file != nil })
    }

    @Test func `how long the host had been silent is told, and by whose clock`() {
        let early = Report.Offline(root: "/mnt", journal: nil, lastEntry: .now)
        let later = Report.Period(started: .now + .seconds(7200), finished: .now + .seconds(7201))
        #expect(early.words(at: later).hasSuffix("the journal ends 2026-05-28 18:40:00 UTC, 2 h before"))
        let offline = Report.Offline(root: "/mnt", journal: nil, lastEntry: .now + .seconds(60))
        let words = offline.words(at: .init(started: .now, finished: .now))
        #expect(words.contains("later than the clock of the machine that looked") && !words.contains("before"))
        let mute = Report.Offline(root: "/mnt", journal: nil, lastEntry: nil)
        #expect(mute.words(at: .init(started: .now, finished: .now)).contains("no journal tells"))
    }
}

extension String {
    /// Without the breaks of a page.
    fileprivate var onOneLine: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
