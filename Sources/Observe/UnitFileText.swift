/// A unit file's settings with the lines they stand on, read as systemd reads it (systemd.syntax(7)).
struct UnitFileText {
    struct Setting: Hashable {
        /// Empty for what stands before the first section.
        var section: String
        var key: String
        var value: String
        /// Of the setting's first line, counted from 1.
        var line: Int
    }

    private(set) var settings: [Setting] = []

    init(parsing content: [UInt8]) {
        var section = ""
        var pending: (text: String, line: Int)?
        for (index, bytes) in content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .enumerated()
        {
            var line = Self.trimmed(String(decoding: bytes, as: UTF8.self))
            if index == 0, line.first == "\u{FEFF}" { line.removeFirst() }
            // Comments may stand between the lines of one setting.
            if line.first == "#" || line.first == ";" { continue }
            let begun = pending?.line ?? index + 1
            var text = (pending?.text ?? "") + line
            pending = nil
            if Self.continues(line) {
                text.removeLast()
                pending = (text + " ", begun)
                continue
            }
            read(text, line: begun, &section)
        }
        if let pending { read(pending.text, line: pending.line, &section) }
    }

    /// Appends what a file says that is read later.
    mutating func add(_ other: UnitFileText) { settings += other.settings }

    /// The values of a key in order, as far as an empty assignment did not take them back.
    func values(_ key: String, in section: String) -> [String] {
        settings.filter { $0.section == section && $0.key == key }.reduce(into: []) { values, setting in
            if setting.value.isEmpty { values = [] } else { values.append(setting.value) }
        }
    }

    private mutating func read(_ text: String, line: Int, _ section: inout String) {
        let text = Self.trimmed(text)
        if text.first == "[", text.last == "]" {
            section = String(text.dropFirst().dropLast())
            return
        }
        guard let equals = text.firstIndex(of: "=") else { return }
        settings.append(
            Setting(
                section: section, key: Self.trimmed(String(text[..<equals])),
                value: Self.trimmed(String(text[text.index(after: equals)...])), line: line))
    }

    /// Whether a line ends in a backslash that no other backslash escapes.
    private static func continues(_ line: String) -> Bool {
        line.utf8.reversed().prefix { $0 == UInt8(ascii: "\\") }.count % 2 == 1
    }

    private static func trimmed(_ text: String) -> String {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\r" || $0 == "\n" || $0 == "\r\n" }
        var text = text[...].drop(while: isSpace)
        while let last = text.last, isSpace(last) { text.removeLast() }
        return String(text)
    }
}
