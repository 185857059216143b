import Diagnose
import FoundationEssentials
import Testing

@Suite struct FindingsReferenceTests {
    @Test func `the page of findings says what the rules say`() throws {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let path = "/\(root)/docs/findings.md"
        if ProcessInfo.processInfo.environment["UPDATE_DOCS"] == "1" {
            try FindingsReference.markdown().write(toFile: path, atomically: true, encoding: .utf8)
        }
        let page = try String(contentsOfFile: path, encoding: .utf8)
        #expect(
            page == FindingsReference.markdown(),
            "docs/findings.md is older than the rules: UPDATE_DOCS=1 swift test --filter FindingsReference")
    }

    @Test func `every finding is on the page, with its runbook`() {
        let page = FindingsReference.markdown()
        for rule in RuleBook.all + [RuleBook.lastResort] {
            #expect(page.contains("### `\(rule.about.id)`"))
            #expect(page.contains("../runbooks/\(rule.about.id).md"))
        }
    }
}
