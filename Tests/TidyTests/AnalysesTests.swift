import LabKit
import Testing

/// What the documents in RCA/ promise: the template's parts, and a witness for each claim.
@Suite struct AnalysesTests {
    private static let analyses = ["2026-05-28-crash-loop"]

    @Test func `every analysis is looked at here`() throws {
        let files = try SourceTree.names(in: "RCA", endingIn: ".md").filter { $0 != "TEMPLATE" }
        #expect(files == Self.analyses)
    }

    @Test(arguments: analyses)
    func `it has the template's parts in the template's order`(analysis: String) throws {
        let parts = Self.titles(try SourceTree.text("RCA/TEMPLATE.md"))
        let own = Self.titles(try SourceTree.text("RCA/\(analysis).md")).filter(parts.contains)
        #expect(own == parts)
    }

    @Test(arguments: analyses)
    func `every scenario that it names exists`(analysis: String) throws {
        let scenarios = Set(ScenarioBook.all.map(\.id))
        let named = Self.marks(in: try SourceTree.text("RCA/\(analysis).md")).flatMap(\.scenarios)
        #expect(named.count > 20)
        for id in Set(named) { #expect(scenarios.contains(id), "there is no scenario '\(id)'") }
    }

    @Test(arguments: analyses)
    func `no claim is without its witness, and none on a cause without a scenario`(analysis: String) throws {
        let text = try SourceTree.text("RCA/\(analysis).md")
        for (title, claims) in Self.claims(in: text) {
            for claim in claims {
                let marks = Self.marks(in: claim)
                #expect(!marks.isEmpty && claim.hasSuffix(claim.hasPrefix("|") ? "] |" : "]"), "\(title): \(claim)")
                guard ["Causes", "Ruled out", "Corrections", "Prevention"].contains(title) else { continue }
                #expect(marks.contains { !$0.scenarios.isEmpty }, "\(title): \(claim)")
            }
        }
    }

    private static func titles(_ text: String) -> [String] {
        text.split(separator: "\n").filter { $0.hasPrefix("## ") }.map { String($0.dropFirst(3)) }
    }

    /// `[notes]` and `[lab: a, b]`.
    private struct Mark { var scenarios: [String] }

    private static func marks(in text: String) -> [Mark] {
        text.replacingNewlines.split(separator: "[").dropFirst().compactMap { piece in
            guard let mark = piece.split(separator: "]", omittingEmptySubsequences: false).first else { return nil }
            if mark == "notes" { return Mark(scenarios: []) }
            guard mark.hasPrefix("lab: ") else { return nil }
            return Mark(scenarios: mark.dropFirst(5).split(separator: ",").map { String($0.drop { $0 == " " }) })
        }
    }

    /// List items, put together from their lines, and rows of tables without their heads, by section.
    private static func claims(in text: String) -> [(title: String, claims: [String])] {
        var sections: [(title: String, claims: [String])] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("## ") { sections.append((String(line.dropFirst(3)), [])) }
            guard let last = sections.indices.last, sections[last].title != "Evidence items" else { continue }
            if line.hasPrefix("- ") {
                sections[last].claims.append(String(line.dropFirst(2)))
            } else if line.hasPrefix("  "), let item = sections[last].claims.popLast() {
                sections[last].claims.append(item + " " + line.drop { $0 == " " })
            } else if line.hasPrefix("|---") {
                _ = sections[last].claims.popLast()
            } else if line.hasPrefix("| ") {
                sections[last].claims.append(String(line))
            }
        }
        return sections
    }
}

extension String {
    fileprivate var replacingNewlines: String { String(map { $0 == "\n" ? " " : $0 }) }
}
