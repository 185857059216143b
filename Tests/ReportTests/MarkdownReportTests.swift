import Diagnose
import Evidence
import Foundation
import TestKit
import Testing

@testable import Report

@Suite struct MarkdownReportTests {
    @Test func `the document has the RCA's parts in its order`() throws {
        let text = MarkdownReport.text(.of(.incident))
        var position = text.startIndex
        for part in ["# linux-patch-api.service on ", "## Root:", "## Origin:", "## Timeline", "## Ruled out"] {
            let found = try #require(text.range(of: part, range: position..<text.endIndex), "\(part) is missing")
            position = found.upperBound
        }
    }

    @Test func `every finding cites a source`() {
        let report = Report.of(.incident)
        for finding in report.findings { #expect(!finding.facts.isEmpty, "\(finding.id) cites nothing") }
    }

    @Test func `a hostile name can neither break a table nor become HTML`() {
        let text = MarkdownReport.text(
            .of(
                Snapshot.incident.with { host in
                    host.journal.edit { $0.epochs[0].signature = "a|b<script>alert(1)</script>\n| x ![](http://evil)" }
                }))
        #expect(text.contains("a\\|b&lt;script&gt;"))
        #expect(!text.contains("<script>"))
        #expect(!text.contains("![]("))
    }
}
