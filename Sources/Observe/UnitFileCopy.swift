/// A unit file's content as evidence keeps it: byte for byte, but without the values that look secret.
struct UnitFileCopy {
    private(set) var content: [UInt8] = []
    /// In words: `value in Environment=, line 12`.
    private(set) var redactions: [String] = []

    init(of original: [UInt8]) {
        var key = ""
        var continued = false
        var words = UnitFileWords()
        let lines = original.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            if index > 0 { content.append(UInt8(ascii: "\n")) }
            var start = line.startIndex
            if !continued, let equals = line.firstIndex(of: UInt8(ascii: "=")) {
                key = String(decoding: line[..<equals], as: UTF8.self).filter { $0 != " " && $0 != "\t" }
                start = equals + 1
            }
            if !continued { words = UnitFileWords() }
            continued = line.last == UInt8(ascii: "\\")
            let value = String(decoding: line[start...], as: UTF8.self)
            let kept = Self.mayHoldSecrets.contains(key) ? Self.blackedOut(value) : words.redacted(value)
            if kept == value {
                content += line
            } else {
                content += Array(line[..<start]) + Array(kept.utf8)
                redactions.append("value in \(key.isEmpty ? "text" : key + "="), line \(index + 1)")
            }
        }
    }

    /// All of it but the backslash that continues it on the next line.
    private static func blackedOut(_ value: String) -> String {
        if value.isEmpty { return "" }
        return SecretWords.placeholder + (value.hasSuffix("\\") ? " \\" : "")
    }

    private static let mayHoldSecrets: Set<String> = ["SetCredential", "StandardInputText", "StandardInputData"]
}

/// The words of one setting, over all the lines that it goes on for.
private struct UnitFileWords {
    private var secrets = SecretWords()
    /// The quote that a secret began with and that no line has closed yet.
    private var openQuote: Character?

    /// Words between spaces or inside quotes, judged one by one, with everything between them left as it is.
    mutating func redacted(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        if let quote = openQuote {
            guard let end = rest.firstIndex(of: quote) else { return SecretWords.placeholder + " \\" }
            openQuote = nil
            result = SecretWords.placeholder
            rest = rest[end...]
            result.append(rest.removeFirst())
        }
        while let first = rest.first {
            if first == " " || first == "\t" || first == "\\" {
                result.append(rest.removeFirst())
                continue
            }
            let quote: Character? = first == "\"" || first == "'" ? first : nil
            if let quote { result.append(quote) }
            let body = quote == nil ? rest : rest.dropFirst()
            let word = body.prefix { quote == nil ? $0 != " " && $0 != "\t" : $0 != quote }
            let kept = secrets.judge(String(word))
            result += kept
            rest = body[word.endIndex...]
            guard let quote else { continue }
            if rest.first == quote { result.append(rest.removeFirst()) } else if kept != word { openQuote = quote }
        }
        return result
    }
}
