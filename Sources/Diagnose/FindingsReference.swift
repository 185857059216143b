/// The page that names every finding, made from what the rules say of themselves: docs/findings.md.
public enum FindingsReference {
    /// The page as Markdown, sections and rules in the order of the rule book.
    public static func markdown(_ rules: [RuleInfo] = (RuleBook.all + [RuleBook.lastResort]).map(\.about)) -> String {
        var page = """
            # Findings

            Every id that `patch-doctor` can name, what it means, and what clears it. An id keeps its meaning for ever.
            This page is made from the rules themselves; after a change to one, run
            `UPDATE_DOCS=1 swift test --filter FindingsReference`.

            Roles: `root` – removing it ends what is happening now; `origin` – what started it, where that differs;
            `contributing` – makes it worse or keeps it from healing; `risk` – no part of this failure, but the next one;
            `ruled-out` – was checked and is innocent. Confidence: `conclusive`, `probable` (a needed fact could not be
            seen), `possible`.

            """
        for section in RuleInfo.Section.allCases {
            let members = rules.filter { $0.section == section }
            guard !members.isEmpty else { continue }
            page += "\n## \(section.rawValue.prefix(1).uppercased() + section.rawValue.dropFirst())\n"
            for rule in members {
                page += """

                    ### `\(rule.id)`
                    **\(rule.title).** \(rule.meaning)

                    - Cleared by: \(rule.clearedBy)
                    - Runbook: [\(rule.id)](../runbooks/\(rule.id).md)

                    """
            }
        }
        return page
    }
}
