import Diagnose
import Evidence
import Foundation
import FoundationXML
import TestKit
import Testing
import Values

@testable import Report

@Suite struct HTMLReportTests {
    static let hosts = [
        NamedHost("older facts", .incident), NamedHost("incident", .incidentByTheHour),
        NamedHost("eight days", .eightDays), NamedHost("healthy", .healthy), NamedHost("unseen", .unseen),
        NamedHost("hostile", .hostile), NamedHost("dead", Snapshot.incident.fromItsDisk()),
        NamedHost("journal alone", Snapshot.incident.fromItsJournal()),
    ]

    @Test(arguments: hosts)
    func `an XML parser reads it to the end`(host: NamedHost) throws {
        let document = try Document(HTMLReport.text(.of(host.snapshot)))
        #expect(document.error == nil, "\(document.error ?? "")")
        #expect(document.attributes("html").first?["lang"] == "en")
        #expect(document.names.contains("title"))
    }

    @Test(arguments: hosts)
    func `it loads nothing, runs nothing and leads nowhere`(host: NamedHost) throws {
        let document = try Document(HTMLReport.text(.of(host.snapshot)))
        let loading: Set = ["script", "link", "img", "iframe", "object", "embed", "base", "form", "image", "use", "a"]
        #expect(document.names.isDisjoint(with: loading))
        for (element, attributes) in document.elements {
            for (name, value) in attributes {
                #expect(!name.lowercased().hasPrefix("on"), "\(element) has \(name)")
                #expect(
                    !["src", "href", "xlink:href", "style", "srcdoc", "action"].contains(name), "\(element): \(name)")
                #expect(!value.contains("url("), "\(element) has \(value)")
            }
        }
        #expect(!Stylesheet.text.text.contains("url(") && !Stylesheet.text.text.contains("@import"))
    }

    @Test func `its policy allows its own stylesheet and nothing else`() throws {
        let document = try Document(HTMLReport.text(.of(.incident)))
        let policy = try #require(document.attributes("meta").first { $0["http-equiv"] != nil }?["content"])
        let directory = try TemporaryDirectory()
        try directory.write("style", Stylesheet.text.text)
        let digest = try ChildProcess.output(of: ["sha256sum", directory.path + "/style"]).prefix(64)
        let bytes = stride(from: 0, to: 64, by: 2).compactMap { UInt8(digest.dropFirst($0).prefix(2), radix: 16) }
        let hash = Data(bytes).base64EncodedString()
        #expect(policy == "default-src 'none'; style-src 'sha256-\(hash)'; base-uri 'none'; form-action 'none'")
    }

    @Test func `what a hostile host says is words, and bounded`() throws {
        let text = HTMLReport.text(.of(.hostile))
        #expect(text.utf8.count < 512 * 1024, "\(text.utf8.count)")
        for attack in ["<script", "<img", "\u{202E}", "\u{2066}", "\u{1B}", "\u{0}", "]]>", "onload=x&amp;<"] {
            #expect(!text.contains(attack), "\(attack)")
        }
        let document = try Document(text)
        #expect(document.text.contains("</td></title></desc></svg></style><script>alert(1)</script>\"'`"))
    }

    @Test func `no word is so long that the page is`() throws {
        let endless = String(repeating: "\u{202E}&", count: 5_000_000)
        var report = Report.of(.incidentByTheHour)
        report.host.name = endless
        report.host.operatingSystem = endless
        report.evidence.path = endless
        report.headline = endless
        report.findings[0].summary = endless
        report.findings[0].facts = Array(repeating: Fact(source: endless, path: endless, value: endless), count: 100)
        report.epochs[0].signature = endless
        report.processes?[6].name = endless
        report.processes?[6].args = Array(repeating: endless, count: 2)
        report.sockets?[0].address = endless
        report.notObserved = Array(repeating: .init(what: endless, why: endless), count: 3)
        let text = HTMLReport.text(report)
        #expect(text.utf8.count < 512 * 1024, "\(text.utf8.count)")
        #expect(try Document(text).error == nil)
    }

    @Test func `the verdict is said first, then its story in order, then what it rests on`() throws {
        let document = try Document(HTMLReport.text(.of(.incidentByTheHour)))
        #expect(document.title == "unhealthy: linux-patch-api.service on radarr-lxc.moon-dragon.us")
        #expect(
            document.headings.filter { $0.level == 2 }.map(\.words) == [
                "Happening now", "What started it", "Makes it worse", "History", "Processes", "Ruled out", "Evidence",
            ])
        #expect(document.headings.first?.level == 1)
        #expect(document.headings.first?.words.hasPrefix("unhealthy") == true)
    }

    @Test(arguments: hosts)
    func `pictures and tables say what they are to who can't see them`(host: NamedHost) throws {
        let document = try Document(HTMLReport.text(.of(host.snapshot)))
        let ids = document.elements.compactMap { $0.attributes["id"] }
        #expect(Set(ids).count == ids.count, "an id stands twice: \(ids)")
        for picture in document.attributes("svg") {
            #expect(picture["role"] == "img")
            let labels = (picture["aria-labelledby"] ?? "").split(separator: " ").map(String.init)
            #expect(labels.count == 2 && labels.allSatisfy(ids.contains), "\(labels)")
        }
        for head in document.attributes("th") { #expect(["row", "col"].contains(head["scope"])) }
        #expect(document.elements.count { $0.name == "table" } == document.elements.count { $0.name == "caption" })
    }

    @Test func `the incident's picture tells who holds the port, who started it and that the unit has no process`()
        throws
    {
        let text = HTMLReport.text(.of(.incidentByTheHour))
        let document = try Document(text)
        #expect(
            document.descriptions.contains {
                $0.contains("linux-patch-api.service: no process: activating/auto-restart.")
                    && $0.contains(
                        "linux-patch-api (pid 1218) in session-3.scope, root: holds 0.0.0.0:12443; its parents: "
                            + "sudo (pid 1217), bash (pid 1216), sshd (pid 1207), sshd (pid 1201), sshd (pid 640), "
                            + "systemd (pid 1).")
            }, "\(document.descriptions)")
        #expect(document.descriptions.contains { $0.contains("1,412 per hour, from 2026-05-28 16:00:00 UTC") })
    }

    @Test func `bars are as high as their hours had failures`() throws {
        let document = try Document(HTMLReport.text(.of(.eightDays)))
        let bars = document.attributes("rect")
        // Two reasons share the third hour.
        #expect(bars.count == 3 + 191)
        let heights = bars.map { Double($0["height"] ?? "") ?? 0 }
        #expect(heights[0] < heights[1] && heights.allSatisfy { $0 >= 1 && $0 <= 96 })
        #expect(bars.prefix(3).allSatisfy { $0["class"] == "warn" } && bars.last?["class"] == "bad")
        #expect(
            document.descriptions.contains { $0.hasPrefix("117,648 in all; at most 6") }, "\(document.descriptions)")
    }

    @Test func `an incident of ten seconds is drawn by the second`() throws {
        let host = Snapshot.incident.with { host in
            host.observer.finished = .at("2026-05-28T18:40:04Z")
            host.journal.edit { journal in
                journal.epochs = [
                    .failing("no certificate", count: 2, from: "2026-05-28T18:39:52Z", to: "2026-05-28T18:39:57Z")
                ]
                journal.epochs[0].course = Histogram(
                    start: .at("2026-05-28T18:39:52Z"), step: 1, counts: [1, 0, 0, 0, 0, 1])
            }
        }
        let text = HTMLReport.text(.of(host))
        #expect(text.contains("Failed starts per second, from"))
        #expect(try Document(text).attributes("rect").map { $0["x"] } == ["0%", "41.67%"])
        #expect(text.contains(">18:40:00</text>"))
    }

    @Test func `facts that nobody counted by time are drawn by the day`() throws {
        let host = Snapshot.incident.with { host in
            host.journal.edit {
                $0.restarts.perDay = [DayCount(day: "2026-05-20", count: 10), DayCount(day: "2026-05-28", count: 5)]
            }
        }
        let text = HTMLReport.text(.of(host))
        #expect(text.contains("Automatic restarts per day"))
        #expect(try Document(text).attributes("rect").count == 2)
        #expect(!HTMLReport.text(.of(.healthy)).contains("class=\"chart\""))
    }

    @Test func `times and counts from a forged bundle stop nobody`() throws {
        let forged: [Histogram] = [
            Histogram(start: WallTime(microseconds: .min), step: 0, counts: [1]),
            Histogram(start: WallTime(microseconds: .max), step: .max, counts: [.max, .max]),
            Histogram(start: .now, step: 1 << 30, counts: Array(repeating: .max, count: 10_000)),
            Histogram(start: WallTime(seconds: 0), step: 1, counts: [-5, 1]),
        ]
        for course in forged {
            let host = Snapshot.incident.with { host in
                host.journal.edit {
                    $0.epochs[0].course = course
                    $0.epochs[1].first = WallTime(microseconds: .min)
                    $0.epochs[1].last = WallTime(microseconds: .max)
                    $0.restarts.perDay = [
                        DayCount(day: "0000-01-01", count: 1), DayCount(day: "9999-12-31", count: .max),
                    ]
                }
                host.processes.edit { processes in
                    processes.edit(1217) { $0.ancestors = [1218, 1217, 1216] }
                    processes.edit(1) { $0.ancestors = [1] }
                }
            }
            let document = try Document(HTMLReport.text(.of(host)))
            #expect(document.error == nil)
        }
    }

    @Test func `a holder that can't be seen is in the picture all the same`() throws {
        let host = Snapshot.incident.with { host in host.port.edit { $0.listeners[0].holders = [] } }
        let document = try Document(HTMLReport.text(.of(host)))
        #expect(
            document.descriptions.contains { $0.contains("a process that can't be seen: holds 0.0.0.0:12443") })
    }

    @Test func `evidence that could not be kept is said`() {
        let report = Report(
            of: .incident, Diagnostician().diagnose(.incident), evidence: .init(unsealedBecause: "disk full"))
        #expect(HTMLReport.text(report).contains("<span class=\"gone\">not kept</span>: disk full"))
    }
}

/// What an XML parser finds in a page.
private final class Document: NSObject, XMLParserDelegate {
    private(set) var elements: [(name: String, attributes: [String: String])] = []
    private(set) var text = ""
    private(set) var headings: [(level: Int, words: String)] = []
    private(set) var descriptions: [String] = []
    private(set) var title = ""
    private(set) var error: String?
    private var open: [(name: String, words: String)] = []

    init(_ page: String) throws {
        super.init()
        let parser = XMLParser(data: Data(page.utf8))
        parser.delegate = self
        guard !parser.parse() else { return }
        error = "line \(parser.lineNumber): \(parser.parserError.map { "\($0)" } ?? "unknown")"
    }

    var names: Set<String> { Set(elements.map { $0.name.lowercased() }) }

    func attributes(_ name: String) -> [[String: String]] { elements.filter { $0.name == name }.map(\.attributes) }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        elements.append((name, attributes))
        open.append((name, ""))
    }

    func parser(_ parser: XMLParser, foundCharacters characters: String) {
        text += characters
        for index in open.indices { open[index].words += characters }
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        guard let ended = open.popLast() else { return }
        switch name {
        case "h1", "h2", "h3": headings.append((Int(name.suffix(1)) ?? 0, ended.words))
        case "desc": descriptions.append(ended.words)
        case "title" where open.last?.name == "head": title = ended.words
        default: break
        }
    }
}
