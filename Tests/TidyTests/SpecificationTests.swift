import LabKit
import Testing

/// What docs/ promises has a witness, and the witness exists.
@Suite struct SpecificationTests {
    private static let pages = ["specification", "security", "operations"]

    @Test(arguments: pages)
    func `every scenario and suite that is named exists`(page: String) throws {
        let text = try SourceTree.text("docs/\(page).md")
        let scenarios = Set(ScenarioBook.all.map(\.id))
        for id in Self.witnesses("lab", in: text) { #expect(scenarios.contains(id), "there is no scenario '\(id)'") }
        let suites = try Self.suites()
        for name in Self.witnesses("test", in: text) { #expect(suites.contains(name), "there is no suite '\(name)'") }
    }

    @Test func `each of the thirteen lines has a witness`() throws {
        let rows = try SourceTree.text("docs/specification.md").split(separator: "\n")
            .filter { $0.hasPrefix("| ") && $0.dropFirst(2).first?.isNumber == true }
        #expect(rows.map { $0.split(separator: " ")[1] } == (1...13).map { Substring("\($0)") })
        for row in rows {
            let cells = row.split(separator: "|")
            #expect(cells.count > 2 && (cells[2].contains("[lab: ") || cells[2].contains("[test: ")), "\(row)")
        }
    }

    @Test func `every promise has a witness`() throws {
        let text = try SourceTree.text("docs/specification.md")
        let paragraphs = text.split(separator: "\n\n").flatMap { $0.split(separator: "\n- ") }
        for promise in paragraphs where promise.contains(" MUST ") && !promise.hasPrefix("|") {
            #expect(promise.contains("[lab: ") || promise.contains("[test: "), "\(promise)")
        }
    }

    /// The names in `[lab: a, b]`, which may go over a line's end; `…` stands for any.
    private static func witnesses(_ kind: String, in text: String) -> [String] {
        text.split(separator: "[\(kind): ").dropFirst().flatMap { piece in
            (piece.split(separator: "]", omittingEmptySubsequences: false).first ?? "")
                .split { $0 == "," || $0 == " " || $0 == "\n" }.map(String.init)
        }.filter { $0 != "…" }
    }

    private static func suites() throws -> Set<String> {
        let lines = try SourceTree.swiftFiles(below: "Tests").flatMap(\.lines)
        return Set(
            lines.compactMap { line in
                guard let place = line.firstRange(of: "struct ") else { return nil }
                return String(line[place.upperBound...].prefix { $0.isLetter || $0.isNumber || $0 == "_" })
            })
    }
}
