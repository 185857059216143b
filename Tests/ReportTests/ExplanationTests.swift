import Diagnose
import Runbooks
import Testing

@testable import Report

@Suite struct ExplanationTests {
    private static let ids = (RuleBook.all + [RuleBook.lastResort]).map(\.about.id)

    @Test(arguments: ids)
    func `every id is explained: meaning, what clears it, and its whole runbook`(id: String) throws {
        let explanation = try #require(Explanation(id))
        let rule = try #require(RuleBook.info(id))
        let text = explanation.text().words
        #expect(text.contains(rule.title.words))
        #expect(text.contains(rule.meaning.words))
        #expect(text.contains(rule.clearedBy.words))
        for section in try #require(Runbook(id)).sections {
            #expect(text.contains(section.title))
            for block in RunbookBlock.all(in: section.text) {
                switch block {
                case .paragraph(let words), .item(let words): #expect(text.contains(words.words))
                case .commands(let lines): for line in lines { #expect(text.contains(line.words)) }
                }
            }
        }
    }

    @Test(arguments: [50, 80, 200])
    func `prose fits the terminal, and commands stay whole`(width: Int) throws {
        for id in Self.ids {
            for line in try #require(Explanation(id)).text(width: width).split(separator: "\n") {
                let longest = line.split(separator: " ").map(\.count).max() ?? 0
                #expect(line.hasPrefix("      ") || line.count <= min(width, 80) || longest > 30, "\(id): \(line)")
            }
        }
    }

    @Test func `an unknown id is answered with those that were meant`() {
        #expect(Explanation("cert-expird") == nil)
        #expect(Explanation.nearest(to: "cert-expird").first == "cert-expired")
        #expect(Explanation.nearest(to: "Cert_Missing").first == "cert-missing")
        #expect(Explanation.nearest(to: "time-wait") == ["port-blocked-by-time-wait"])
        #expect(Explanation.nearest(to: "port-held").count == 3)
        #expect(Explanation.nearest(to: "xyzzy").isEmpty)
        #expect(Explanation.nearest(to: "").isEmpty)
        #expect(Explanation.nearest(to: String(repeating: "-", count: 100_000)).isEmpty)
    }

    @Test func `the list has every id once, under its section`() {
        let index = RuleIndex()
        #expect(Set(index.rules.map(\.id)) == Set(Self.ids))
        #expect(index.rules.count == Self.ids.count)
        let text = index.text()
        for section in RuleInfo.Section.allCases {
            #expect(text.contains("\(section.rawValue.prefix(1).uppercased() + section.rawValue.dropFirst())\n  "))
        }
        for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }

    @Test func `a word that a line's end parted at its hyphen is whole again`() {
        #expect(
            RunbookBlock.all(in: "Use `reset-\nfailed` - or\nnot.\n\n- one\n  more\n\n      rm x\n\nEnd.") == [
                .paragraph("Use `reset-failed` - or not."), .item("one more"), .commands(["rm x"]), .paragraph("End."),
            ])
    }
}

extension String {
    /// Without the breaks and indents of a page.
    fileprivate var words: String { split { $0 == " " || $0 == "\n" }.joined(separator: " ") }
}
