/// Lines of text for a terminal of a given width, with colour only where asked for.
public struct Page: Sendable {
    public enum Tone: String, Sendable {
        case plain = "", bold = "1", dim = "2", red = "1;31", green = "1;32", yellow = "1;33", cyan = "36"
    }

    public private(set) var text = ""
    let width: Int
    let colour: Bool

    /// `width` in columns, at least 40.
    public init(width: Int = 80, colour: Bool = false) {
        self.width = max(40, width)
        self.colour = colour
    }

    public mutating func blank() { text += "\n" }

    /// A line as it is, without wrapping, so that a command can be copied.
    public mutating func line(_ words: String, _ tone: Tone = .plain, lead: String = "", leadTone: Tone = .plain) {
        text += paint(lead, leadTone) + paint(words, tone) + "\n"
    }

    /// `words` wrapped behind `lead`, further lines indented by `hang` columns, or to the end of the lead. What is too
    /// long for a line of its own, such as a path, is left whole, so that it can be copied.
    public mutating func paragraph(
        _ words: String, lead: String = "", hang: Int? = nil, leadTone: Tone = .plain, tone: Tone = .plain
    ) {
        let indent = hang ?? lead.count
        var lines: [String] = []
        var current = ""
        for word in words.split(separator: " ", omittingEmptySubsequences: true) {
            let before = lines.isEmpty ? lead.count : indent
            if !current.isEmpty || (lines.isEmpty && indent < before), before + current.count + 1 + word.count > width {
                lines.append(current)
                current = ""
            }
            current += current.isEmpty ? String(word) : " " + word
        }
        lines.append(current)
        for (number, words) in lines.enumerated() {
            text += number == 0 ? paint(lead, leadTone) : String(repeating: " ", count: indent)
            text += paint(words, tone) + "\n"
        }
    }

    private func paint(_ words: String, _ tone: Tone) -> String {
        colour && tone != .plain && !words.isEmpty ? "\u{1B}[\(tone.rawValue)m\(words)\u{1B}[0m" : words
    }
}

extension String {
    /// This text with spaces behind it up to `width` characters.
    public func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
