import Diagnose

/// Every id that a diagnosis can name, by section.
///
/// Its JSON form is `patch-doctor.rules/1`, which grows without renaming.
public struct RuleIndex: Sendable, Encodable {
    public let schema = "patch-doctor.rules/1"
    public let rules: [Entry]

    public struct Entry: Sendable, Encodable {
        public let id: String
        public let section: String
        public let title: String
        public let meaning: String
        public let clearedBy: String
        /// Relative to the project.
        public let runbook: String

        enum CodingKeys: String, CodingKey {
            case id, section, title, meaning
            case clearedBy = "cleared_by"
            case runbook
        }
    }

    public init() {
        let rules = Self.all
        self.rules = RuleInfo.Section.allCases.flatMap { section in
            rules.filter { $0.section == section }.map { rule in
                Entry(
                    id: rule.id, section: section.rawValue, title: rule.title, meaning: rule.meaning,
                    clearedBy: rule.clearedBy, runbook: "runbooks/\(rule.id).md")
            }
        }
    }

    static var all: [RuleInfo] { (RuleBook.all + [RuleBook.lastResort]).map(\.about) }

    /// One id a line, for a terminal of `width` columns.
    public func text(width: Int = 80, colour: Bool = false) -> String {
        var page = Page(width: min(width, 80), colour: colour)
        let column = (rules.map(\.id.count).max() ?? 0) + 4
        var section = ""
        for rule in rules {
            if rule.section != section {
                if !section.isEmpty { page.blank() }
                section = rule.section
                page.line(section.prefix(1).uppercased() + section.dropFirst(), .bold)
            }
            page.paragraph(rule.title, lead: "  \(rule.id)".padded(to: column), hang: column)
        }
        page.blank()
        page.line("One of them, with what to do about it: patch-doctor explain ID", .dim)
        return page.text
    }
}
