import Diagnose
import Evidence
import Report
import TestKit
import Testing

/// The HTML report as a person meets it: on a phone, on a desk, in the dark and on paper.
@Suite(.enabled(if: Browser.isWanted, Browser.need), .serialized)
struct HTMLReportInBrowserTests {
    struct Host: CustomStringConvertible, Sendable {
        let name: String
        let report: Report
        let page: String
        /// How many it has.
        let pictures: Int
        var description: String { name }

        init(_ name: String, _ snapshot: Snapshot, pictures: Int) {
            self.name = name
            self.pictures = pictures
            report = Report(
                of: snapshot, Diagnostician().diagnose(snapshot),
                evidence: .init(
                    path: "/var/lib/patch-doctor/evidence/radarr-20260528T184000Z-0a1b2c3d.evidence",
                    digest: .standingFor("manifest")))
            page = HTMLReport.text(report)
        }
    }

    static let hosts = [
        Host("incident", .incidentByTheHour, pictures: 2), Host("healthy", .healthy, pictures: 1),
        Host("eight-days", .eightDays, pictures: 2), Host("hostile", .hostile, pictures: 2),
        Host("unseen", .unseen, pictures: 0),
        Host(
            "older-facts", .incident.with { $0.journal.edit { $0.restarts.perDay = Snapshot.twoDays } }, pictures: 2),
    ]

    @Test(arguments: hosts)
    func `on a phone the verdict comes first, nothing sticks out and pictures have a size`(host: Host) throws {
        let browser = try Browser()
        let look = try browser.look(at: host.page, width: 360, height: 640)
        try browser.keepPicture(of: host.page, width: 360, name: host.name + "-phone")
        #expect(look.width == 360)
        #expect(look.scrollWidth <= 360)
        #expect(look.sticking.isEmpty, "\(look.sticking)")
        #expect(look.verdictTop >= 0)
        #expect(look.verdictBottom <= 480)
        #expect(look.tiny.isEmpty, "\(look.tiny)")
        #expect(look.pictures.count == host.pictures)
        #expect(look.pictures.allSatisfy { $0[0] >= 300 && $0[1] >= 40 }, "\(look.pictures)")
        #expect(look.marks.isEmpty == (host.pictures == 0))
        #expect(look.marks.allSatisfy { $0[0] > 0.5 && $0[1] > 0.5 }, "\(look.marks)")
    }

    @Test(arguments: hosts)
    func `on a desk, by day and by night, every word can be read, and nothing is loaded`(host: Host) throws {
        let browser = try Browser()
        let (day, night) = (
            try browser.look(at: host.page, width: 1280, height: 800),
            try browser.look(at: host.page, width: 1280, height: 800, dark: true)
        )
        try browser.keepPicture(of: host.page, width: 1280, name: host.name + "-desk")
        try browser.keepPicture(of: host.page, width: 900, name: host.name + "-dark", dark: true)
        #expect(day.background == "rgb(255, 255, 255)")
        #expect(day.headings.first == 1 && day.headings.count { $0 == 1 } == 1)
        #expect(zip(day.headings, day.headings.dropFirst()).allSatisfy { $1 <= $0 + 1 }, "\(day.headings)")
        #expect(day.scripts == 0)
        #expect(day.loaded == 0)
        #expect(night.background != day.background, "there is no dark form")
        for look in [day, night] {
            #expect(look.faint.isEmpty, "\(look.faint)")
            #expect(look.sticking.isEmpty, "\(look.sticking)")
            #expect(look.scrollWidth <= 1280)
        }
    }

    @Test(arguments: hosts)
    func `on paper it is whole and black on white, even for who reads in the dark`(host: Host) throws {
        let paper = try Browser().print(host.page, name: host.name + "-paper", dark: true)
        #expect(!paper.pages.isEmpty)
        #expect(paper.words.uppercased().contains(host.report.verdict.rawValue.uppercased()))
        let ink = paper.ink
        #expect(ink.white > 0.7)
        #expect(ink.colour < 24)
        let text = paper.text.filter { !$0.isWhitespace }
        for finding in host.report.findings { #expect(text.contains(finding.id)) }
        for process in host.report.processes ?? [] { #expect(text.contains("\(process.pid)")) }
        // The longest word of a table, to its last digit.
        #expect(text.contains(host.report.evidence.digest ?? "?"))
    }
}
