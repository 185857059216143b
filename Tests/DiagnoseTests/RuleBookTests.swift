@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

/// What holds for every rule in the book.
@Suite struct RuleBookTests {
    static let ids = RuleBook.all.map(\.about.id)

    @Test func `ids are unique and kebab-case`() {
        #expect(Set(Self.ids).count == Self.ids.count)
        for id in Self.ids + [RuleBook.lastResort.about.id] {
            #expect(id.utf8.allSatisfy { (97...122).contains($0) || $0 == 45 } && !id.hasPrefix("-"), "\(id)")
        }
    }

    @Test(arguments: ids)
    func `a healthy host is accused of nothing`(id: String) throws {
        let rule = try #require(RuleBook.all.first { $0.about.id == id })
        if case .accuses(let subjects) = rule.answer(.healthy) { Issue.record("\(id) accuses \(subjects)") }
        #expect(rule.answer(.healthy) != .unknown)
    }

    @Test(arguments: ids)
    func `of a host that nobody looked at nothing is said`(id: String) throws {
        let rule = try #require(RuleBook.all.first { $0.about.id == id })
        let blank = Snapshot(target: Snapshot.healthy.target, observer: Snapshot.healthy.observer)
        #expect(rule.answer(blank) == .unknown || rule.answer(blank) == .notApplicable)
    }

    @Test(arguments: ids)
    func `what is said of a rule is whole`(id: String) throws {
        let about = try #require(RuleBook.all.first { $0.about.id == id }).about
        #expect(!about.title.hasSuffix(".") && about.title.count <= 72)
        #expect(about.meaning.hasSuffix(".") && about.clearedBy.hasSuffix("."))
    }

    @Test func `every fault of the incident cites its facts and ends its sentence`() {
        for finding in Snapshot.incident.diagnosed().findings {
            #expect(!finding.facts.isEmpty, "\(finding.id)")
            #expect(finding.runbook == "runbooks/\(finding.id).md")
            #expect(finding.summary.count < 300)
        }
    }

    @Test func `at most one rule of port, certificates and configuration claims a line`() {
        let sections: Set<RuleInfo.Section> = [.port, .certificates, .configuration]
        for (line, _) in ComplaintTests.lines {
            let claims = RuleBook.all.filter {
                sections.contains($0.about.section) && $0.recognises(.failing(line), on: .incident) != nil
            }
            #expect(claims.count <= 1, "\(line): \(claims.map(\.about.id))")
        }
    }
}
