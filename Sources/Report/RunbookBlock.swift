/// A piece of a runbook's section, as a reader sees it.
enum RunbookBlock: Hashable {
    case paragraph(String)
    case item(String)
    /// Lines to be copied as they stand, without what they have in common of their indent.
    case commands([String])

    /// The pieces of a section in their order.
    static func all(in text: String) -> [RunbookBlock] {
        var blocks: [RunbookBlock] = []
        var isOpen = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let indent = line.prefix { $0 == " " }.count
            let words = String(line.dropFirst(indent))
            if words.isEmpty {
                isOpen = false
            } else if indent >= 4 {
                if case .commands(let lines)? = blocks.last, isOpen {
                    blocks[blocks.count - 1] = .commands(lines + [words])
                } else {
                    blocks.append(.commands([words]))
                }
                isOpen = true
            } else if words.hasPrefix("- ") {
                blocks.append(.item(String(words.dropFirst(2))))
                isOpen = true
            } else if isOpen, let last = blocks.last?.continued(by: words) {
                blocks[blocks.count - 1] = last
            } else {
                blocks.append(.paragraph(words))
                isOpen = true
            }
        }
        return blocks
    }

    private func continued(by words: String) -> RunbookBlock? {
        // A word that the end of a line parted at its hyphen.
        func joined(_ text: String) -> String {
            text.hasSuffix("-") && !text.hasSuffix(" -") ? text + words : text + " " + words
        }
        return switch self {
        case .paragraph(let text): .paragraph(joined(text))
        case .item(let text): .item(joined(text))
        case .commands: nil
        }
    }
}
