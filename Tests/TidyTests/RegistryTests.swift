import Diagnose
import LabKit
import Observe
import Runbooks
import Testing

/// A new rule or probe is one new file and one line; these tests find the file whose line was forgotten.
@Suite struct RegistryTests {
    /// Pages of `runbooks/` that are about no finding.
    private static let procedures: Set = [
        "README", "crash-loop", "enrollment", "fleet-evidence", "renewal", "roll-back", "upgrade",
    ]

    private func runbooks() throws -> [String] {
        try SourceTree.names(in: "runbooks", endingIn: ".md").filter { !Self.procedures.contains($0) }
    }

    @Test func `every rule file is in the rule book`() throws {
        let files = try SourceTree.names(in: "Sources/Diagnose/Rules", endingIn: ".swift")
        let registered = (RuleBook.all + [RuleBook.lastResort]).map { "\(type(of: $0))" }
        #expect(files.sorted() == registered.sorted())
    }

    @Test func `every probe file is in the probe book`() throws {
        let files = try SourceTree.names(in: "Sources/Observe/Probes", endingIn: "Probe.swift").map { $0 + "Probe" }
        let registered = ProbeBook.all.map { "\(type(of: $0))" }
        #expect(files.sorted() == registered.sorted())
    }

    @Test func `every finding has its runbook and every runbook its finding`() throws {
        let runbooks = try runbooks()
        let ids = (RuleBook.all + [RuleBook.lastResort]).map(\.about.id)
        #expect(Set(ids).count == ids.count, "an id stands twice in the rule book")
        #expect(ids.sorted() == runbooks)
    }

    @Test func `every runbook is built into the program as it stands`() throws {
        let files = try runbooks()
        #expect(Runbook.ids == files, "Sources/CRunbooks/CRunbooks.c has one line for each runbook, in order")
        for name in files {
            let runbook = try #require(Runbook(name), "runbooks/\(name).md begins with '# \(name) – …'")
            // Blank lines around sections and the lab's marks are all that is not kept.
            let file = try SourceTree.text("runbooks/\(name).md").split(separator: "\n")
                .filter { !$0.hasPrefix("<!-- lab: ") }
            let told =
                ["# \(name) – \(runbook.title)"] + runbook.sections.flatMap { ["## \($0.title)", $0.text] }
            #expect(told.joined(separator: "\n").split(separator: "\n") == file, "runbooks/\(name).md")
        }
    }

    /// That its deciding fact is flipped in one, DiagnoseTests/DecidingFactTests sees to.
    @Test func `every rule has tests of its own`() throws {
        let tests = Set(try SourceTree.names(in: "Tests/DiagnoseTests/Rules", endingIn: "Tests.swift"))
        for rule in try SourceTree.names(in: "Sources/Diagnose/Rules", endingIn: ".swift") {
            #expect(tests.contains(rule), "write Tests/DiagnoseTests/Rules/\(rule)Tests.swift")
        }
    }

    @Test func `every finding is expected in a scenario of the lab`() {
        let proven = Set(ScenarioBook.all.flatMap(\.expectedFindings))
        let ids = (RuleBook.all + [RuleBook.lastResort]).map(\.about.id)
        for id in ids where !proven.contains(id) { Issue.record("no scenario of the lab expects \(id)") }
        #expect(proven.subtracting(ids).isEmpty, "a scenario expects what no rule says")
    }

    @Test func `scenarios have ids of their own`() {
        let ids = ScenarioBook.all.map(\.id)
        #expect(Set(ids).count == ids.count)
    }

    @Test func `the index of runbooks leads to each of them, once`() throws {
        let links = try SourceTree.text("runbooks/README.md").split(separator: "](").dropFirst()
            .compactMap { $0.split(separator: ")").first }.filter { !$0.contains("/") }.map(String.init)
        let files = try SourceTree.names(in: "runbooks", endingIn: ".md").filter { $0 != "README" }.map { $0 + ".md" }
        #expect(links.sorted() == files.sorted())
    }

    @Test func `every runbook has the five parts that a person on call looks for`() throws {
        let parts = [
            "What it means", "How to confirm by hand", "What the remedy does", "How to undo", "When to call someone",
        ]
        for name in try runbooks() {
            let text = try SourceTree.text("runbooks/\(name).md")
            for part in parts { #expect(text.contains("## \(part)"), "runbooks/\(name).md lacks '## \(part)'") }
        }
    }
}
