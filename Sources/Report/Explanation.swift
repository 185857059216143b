import Diagnose
public import Runbooks

/// What an id means, how it is recognised, what clears it, and its runbook: made of what the rule says of itself and of
/// the runbook's file, which are the documentation's sources too.
///
/// Its JSON form is `patch-doctor.explain/1`, which grows without renaming.
public struct Explanation: Sendable, Encodable {
    public let schema = "patch-doctor.explain/1"
    public let id: String
    public let section: String
    /// The fault as a statement, one line.
    public let title: String
    /// What it means and how it is recognised.
    public let meaning: String
    public let clearedBy: String
    public let runbook: Book?

    /// The runbook as it was when the program was built.
    public struct Book: Sendable, Encodable {
        /// Relative to the project.
        public let path: String
        public let sections: [Runbook.Section]
    }

    enum CodingKeys: String, CodingKey {
        case schema, id, section, title, meaning
        case clearedBy = "cleared_by"
        case runbook
    }

    /// nil where no rule has this id.
    public init?(_ id: String) {
        guard let rule = RuleBook.info(id) else { return nil }
        self.id = id
        section = rule.section.rawValue
        title = rule.title
        meaning = rule.meaning
        clearedBy = rule.clearedBy
        runbook = Runbook(id).map { Book(path: $0.path, sections: $0.sections) }
    }

    /// The ids that somebody who wrote `id` may have meant, the likeliest first; at most three.
    public static func nearest(to id: String) -> [String] {
        let wanted = String(id.lowercased().prefix(64).map { $0 == "_" || $0 == " " ? "-" : $0 })
        let parts = wanted.split(separator: "-")
        guard !parts.isEmpty else { return [] }
        let ranked = RuleIndex.all.map { rule in
            // Somebody who remembers a word of it is nearer than any count of letters tells.
            let named = parts.allSatisfy { part in part.count > 2 && rule.id.contains(part) }
            return (id: rule.id, distance: named ? 0 : distance(wanted, rule.id))
        }
        let limit = max(2, wanted.count / 3)
        return ranked.filter { $0.distance <= limit }.enumerated()
            .sorted { ($0.element.distance, $0.offset) < ($1.element.distance, $1.offset) }
            .prefix(3).map(\.element.id)
    }

    /// How many letters have to be put in, taken out or exchanged (Levenshtein).
    static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right.utf8)
        var row = Array(0...right.count)
        for (line, letter) in left.utf8.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for (column, other) in right.enumerated() {
                let exchanged = diagonal + (letter == other ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(exchanged, row[column] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}

extension Explanation {
    /// For a terminal of `width` columns; commands stay whole, so that they can be copied.
    public func text(width: Int = 80, colour: Bool = false) -> String {
        var page = Page(width: min(width, 80), colour: colour)
        page.paragraph("\(title).", lead: id + "  ", hang: 2, leadTone: .bold, tone: .bold)
        page.blank()
        page.paragraph(meaning)
        page.blank()
        page.paragraph(clearedBy, lead: "Cleared by  ", hang: 2, leadTone: .bold)
        for section in runbook?.sections ?? [] {
            page.blank()
            page.line(section.title, .bold)
            for (number, block) in RunbookBlock.all(in: section.text).enumerated() {
                switch block {
                case .paragraph(let words):
                    if number > 0 { page.blank() }
                    page.paragraph(words, lead: "  ")
                case .item(let words): page.paragraph(words, lead: "  - ")
                case .commands(let lines):
                    if number > 0 { page.blank() }
                    for line in lines { page.line("      " + line, .cyan) }
                }
            }
        }
        page.blank()
        if let runbook { page.paragraph(runbook.path, lead: "From  ", leadTone: .dim, tone: .dim) }
        return page.text
    }
}
