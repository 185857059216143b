import Values

/// Words from a host as they may stand in a Markdown document: no table cell, link, image or HTML can come of them.
enum MarkdownText {
    static func escaped(_ words: String, limit: Int = 1000) -> String {
        var result = ""
        for character in words.harmless(limit: limit) {
            switch character {
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            case "|", "[", "]", "`", "*", "\\", "~": result += "\\\(character)"
            default: result.append(character)
            }
        }
        return result
    }

    /// Words that stand as code, where nothing in them could end it or the cell that they stand in.
    static func code(_ words: String, limit: Int = 300) -> String {
        let words = words.harmless(limit: limit)
        return words.contains("`") || words.contains("|") || words.isEmpty ? escaped(words, limit: limit) : "`\(words)`"
    }
}
