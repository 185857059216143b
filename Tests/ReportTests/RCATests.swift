import Diagnose
import Evidence
import Foundation
import TestKit
import Testing
import Values

@testable import Report

@Suite struct RCATests {
    @Test(arguments: [Snapshot.healthy, .incident, .unseen, .attacking])
    func `no sentence is without an item, and every item leads into a bundle`(host: Snapshot) throws {
        let analysis = try #require(RootCauseAnalysis(of: [.of(host)]))
        let items = Dictionary(uniqueKeysWithValues: analysis.items.map { ($0.id, $0) })
        #expect(!analysis.claims.isEmpty)
        for claim in analysis.claims {
            #expect(!claim.items.isEmpty, "\(claim.text)")
            for citation in claim.items {
                let item = try #require(items[citation.item], "\(claim.text) cites \(citation.item)")
                #expect(item.path == "manifest.json" || Witness.Bundle.listed[item.path] == item.sha256)
            }
        }
    }

    @Test(arguments: [Snapshot.healthy, .incident, .unseen, .attacking])
    func `in the document, too, each line of prose and each row ends in its items`(host: Snapshot) throws {
        let lines = try RCAMarkdown.text(#require(RootCauseAnalysis(of: [.of(host)]))).proseAndRows
        #expect(lines.count > 10)
        for line in lines {
            let marks = line.split(separator: "[").dropFirst().compactMap { $0.split(separator: "]").first }
            #expect(marks.contains { $0.allSatisfy { $0.isNumber || $0 == "." } }, "\(line)")
        }
    }

    @Test func `the document has the template's parts and tables in its order`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let template = try String(contentsOf: root.appending(path: "RCA/TEMPLATE.md"), encoding: .utf8)
        let refused = [RootCauseAnalysis.Refusal(bundle: "b", because: "altered")]
        let written = try RCAMarkdown.text(#require(RootCauseAnalysis(of: [.of(.incident)], refused: refused)))
        #expect(written.skeleton == template.skeleton)
    }

    @Test func `both causes in time are told, each with what it rests on`() throws {
        let analysis = try #require(RootCauseAnalysis(of: [.of(.incident)]))
        let roles = Dictionary(analysis.causes.map { ($0.role, $0.id) }, uniquingKeysWith: { first, _ in first })
        #expect(roles[.root] == "port-held-by-enrollment")
        #expect(roles[.origin] == "cert-missing")
        #expect(analysis.summary[0].text.contains("an enrollment process holds the port"))
        #expect(analysis.summary[0].text.contains("it began with: a certificate file is missing"))
        #expect(analysis.summary[0].items.count == 2)
    }

    @Test func `the timeline tells the incident in the order in which it happened, over all hosts`() throws {
        let later = Snapshot.incident.with { host in
            host.host.edit { $0.hostName = "lidarr-lxc" }
            host.journal.edit { $0.epochs[0].first = .at("2026-05-20T20:30:00Z") }
        }
        let events = try #require(RootCauseAnalysis(of: [.of(later), .of(.incident)])).timeline
        #expect(events.map(\.first) == events.map(\.first).sorted())
        #expect(events.first?.host == "radarr-lxc.moon-dragon.us")
        #expect(events.first?.failures == 1_031)
        let words = events.filter { $0.host == "lidarr-lxc" }.map(\.what.text)
        let order = ["TLS CA certificate not found", "starts in", "last written", "Failed to bind", "looks, as user 0"]
        let places = order.map { part in words.firstIndex { $0.contains(part) } }
        #expect(!places.contains(nil))
        #expect(places.compactMap(\.self) == places.compactMap(\.self).sorted())
    }

    @Test func `hosts with the same story are told as one, and the largest story first`() throws {
        func named(_ name: String, _ host: Snapshot) -> Witness {
            .of(host.with { $0.host.edit { $0.hostName = name } }, bundle: name)
        }
        let analysis = try #require(
            RootCauseAnalysis(of: [
                named("well", .healthy), named("radarr", .incident), named("lidarr", .incident),
                named("deluge", .incident),
            ]))
        #expect(analysis.summary[0].text.hasPrefix("radarr, lidarr and deluge: an enrollment process holds the port"))
        #expect(analysis.evidence.map(\.host) == ["well", "radarr", "lidarr", "deluge"])
        #expect(analysis.causes.filter { $0.role == .root }.map(\.statements.count) == [3])
        #expect(analysis.actions.first?.about.count == 3)
        #expect(
            analysis.withoutCause.map(\.text) == ["well: no cause, for the service was well when it was looked at."])
    }

    @Test func `two hosts of one name are told apart`() throws {
        let analysis = try #require(RootCauseAnalysis(of: [.of(.incident, bundle: "a"), .of(.incident, bundle: "b")]))
        #expect(analysis.evidence.map(\.host) == ["radarr-lxc.moon-dragon.us", "radarr-lxc.moon-dragon.us (2)"])
        #expect(Set(analysis.items.map(\.id)).count == analysis.items.count)
    }

    @Test func `without a bundle there is no analysis`() {
        #expect(RootCauseAnalysis(of: []) == nil)
    }

    @Test func `a counter that was set back before the look is told as lost evidence`() throws {
        let reset = Snapshot.incident.with { host in host.unit.edit { unit in unit.always { $0.nRestarts = 0 } } }
        let kept = try #require(RootCauseAnalysis(of: [.of(reset)])).evidence[0].kept.text
        #expect(kept.contains("systemd's counter, once at 4762, had been set back by then"))
        let whole = try #require(RootCauseAnalysis(of: [.of(.incident)])).evidence[0].kept.text
        #expect(whole == "yes: sealed before patch-doctor did anything else")
    }

    @Test func `what could not be seen lowers what is said, and says why`() throws {
        let limits = try #require(RootCauseAnalysis(of: [.of(.unseen)])).limits.map(\.text)
        #expect(limits.contains { $0.contains("this could not be told") && $0.contains("port-held-by-enrollment") })
        let blind = Snapshot.incident.with { host in
            host.certificates = .unseen("certificates of the host")
        }
        let words = try #require(RootCauseAnalysis(of: [.of(blind)])).limits.map(\.text)
        #expect(words.contains { $0.contains("not seen: certificates of the host, because permission denied") })
    }

    @Test func `a host's words can neither break a table, nor be a link, an image or HTML`() throws {
        let text = try RCAMarkdown.text(#require(RootCauseAnalysis(of: [.of(.attacking)])))
        #expect(!text.contains("<script") && !text.contains("<img"))
        #expect(!text.contains("![x](") && !text.contains(" [x]("))
        #expect(!text.unicodeScalars.contains { $0 != "\n" && $0.value < 0x20 })
        for line in text.split(separator: "\n") where line.hasPrefix("| attempts") { Issue.record("\(line)") }
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| 2026-") }
        for row in rows { #expect(row.replacing("\\|", with: "").filter { $0 == "|" }.count == 6, "\(row)") }
    }

    @Test func `its JSON form is what the published schema says`() throws {
        let refused = [RootCauseAnalysis.Refusal(bundle: "b", because: "altered")]
        for host in [Snapshot.healthy, .incident, .unseen, .attacking] {
            let analysis = try #require(RootCauseAnalysis(of: [.of(host)], refused: refused))
            let complaint = try JSONReportTests.complaint(
                of: JSONReport.encode(analysis), against: "rca")
            #expect(complaint.isEmpty, "\(complaint)")
        }
    }

    @Test func `the same bundles give the same bytes`() throws {
        func bytes() throws -> [UInt8] {
            try JSONReport.encode(#require(RootCauseAnalysis(of: [.of(.incident), .of(.healthy, bundle: "b")])))
        }
        #expect(try bytes() == bytes())
    }
}

extension Witness.Bundle {
    /// What the manifest of every bundle here lists: of the raw items those that the snapshots' sources name.
    static let listed: [String: Digest] = [
        "facts.json": .standingFor("facts"), "raw/journal": .standingFor("journal"),
        "raw/proc/net/tcp": .standingFor("tcp"),
    ]
}

extension Witness {
    static func of(_ host: Snapshot, bundle: String = "radarr") -> Witness {
        Witness(
            host, Diagnostician().diagnose(host),
            bundle: Bundle(
                name: bundle + ".evidence", digest: .standingFor(bundle), sealed: .now,
                signature: .signed(by: "CN=radarr"),
                files: Bundle.listed,
                custody: [.init(event: "sealed", time: .now), .init(event: "reported", time: .now)],
                head: .standingFor("head")))
    }
}

extension Snapshot {
    /// The incident on a host whose every name was chosen to harm the reader.
    static let attacking = Snapshot.incident.with { host in
        let harm = "a|b <script>alert(1)</script>\n| ![x](http://evil/x.png) `rm` [x](http://evil) \u{1B}[2J\u{202E}"
        host.host.edit { $0.hostName = harm }
        host.journal.edit { journal in
            for index in journal.epochs.indices {
                journal.epochs[index].sample += harm
                journal.epochs[index].signature += harm
                journal.epochs[index].ending += harm
            }
        }
        host.processes.edit { processes in
            for index in processes.processes.indices {
                processes.processes[index].name += harm
                processes.processes[index].arguments.append(harm)
            }
        }
    }
}

extension RootCauseAnalysis {
    /// Every sentence there is in it.
    var claims: [Claim] {
        summary + evidence.flatMap { [$0.restarts, $0.kept, $0.custody] } + timeline.map(\.what) + restarts
            + causes.flatMap(\.statements).map(\.what) + withoutCause + ruledOut.map(\.because)
            + actions.flatMap(\.about)
            + prevention.map(\.why) + limits
    }
}

extension String {
    /// Lines that are neither headings, comments, quoted runbooks, files, nor the frames of tables; of the tables all
    /// but those of refused bundles and of commands, which tell nothing of a host.
    fileprivate var proseAndRows: [Substring] {
        var isFree = false
        return split(separator: "\n").filter { line in
            if line.hasPrefix("| ") && self.contains("\(line)\n|---") {
                isFree = line.hasPrefix("| command |") || line.hasPrefix("| refused")
                return false
            }
            if !line.hasPrefix("|") { isFree = false }
            return !isFree && !["#", "<!--", ">", "|---", "      "].contains(where: line.hasPrefix)
        }
    }

    /// Its sections, what kinds of parts they have, and the heads of their tables, each once.
    fileprivate var skeleton: [String] {
        var seen: Set<String> = []
        let lines = split(separator: "\n")
        return zip(lines, lines.dropFirst() + [""]).compactMap { line, next -> String? in
            if line.hasPrefix("## ") || (line.hasPrefix("| ") && next.hasPrefix("|---")) { return String(line) }
            guard line.hasPrefix("### ") else { return nil }
            return line.hasPrefix("### 1. ")
                ? "### 1."
                : line.split(separator: ":").first.flatMap { kind in
                    kind.contains(".") ? nil : String(kind)
                }
        }.filter { seen.insert($0).inserted }
    }
}
