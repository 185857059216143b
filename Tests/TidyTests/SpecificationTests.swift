import Foundation
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
            #expect(cells.count > 2 && (cells[2].contains("[lab:") || cells[2].contains("[test:")), "\(row)")
        }
    }

    @Test func `every promise has a witness`() throws {
        let text = try SourceTree.text("docs/specification.md")
        let paragraphs = text.split(separator: "\n\n").flatMap { $0.split(separator: "\n- ") }
        for promise in paragraphs where promise.contains(" MUST ") && !promise.hasPrefix("|") {
            #expect(promise.contains("[lab:") || promise.contains("[test:"), "\(promise)")
        }
    }

    @Test func `every link from a page to a file of the project leads there`() throws {
        let pages =
            try ["README", "CONTRIBUTING"].map { "\($0).md" }
            + ["docs", "docs/decisions", "runbooks", "RCA", "Tests/Lab"].flatMap { directory in
                try SourceTree.names(in: directory, endingIn: ".md").map { "\(directory)/\($0).md" }
            }
        var count = 0
        for page in pages {
            let directory = SourceTree.root.appending(path: page).deletingLastPathComponent()
            for piece in try SourceTree.text(page).split(separator: "](").dropFirst() {
                let link = piece.prefix { $0 != ")" && $0 != "#" && !$0.isWhitespace }
                guard !link.isEmpty, !link.contains(":") else { continue }
                count += 1
                let target = directory.appending(path: String(link)).path
                #expect(FileManager.default.fileExists(atPath: target), "\(page): \(link)")
            }
        }
        #expect(count > 200)
    }

    /// The names in `[lab: a, b]`, which may go over a line's end; `…` stands for any.
    private static func witnesses(_ kind: String, in text: String) -> [String] {
        let marks: [Substring] = text.split(separator: "[\(kind):").dropFirst().map { $0.prefix { $0 != "]" } }
        let names: [String] = marks.flatMap { mark in mark.split { ", \n".contains($0) }.map(String.init) }
        return names.filter { $0 != "…" }
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
