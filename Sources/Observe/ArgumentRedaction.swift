/// Command-line arguments with the secrets in them replaced: values of options and variables that are named like one,
/// user information in URLs, and what follows `Bearer` or `Basic`.
public struct ArgumentRedaction: Sendable, Hashable {
    public private(set) var arguments: [String] = []
    /// What was taken out, in words: `value of --token`.
    public private(set) var redactions: [String] = []

    static let mark = "[redacted]"
    private static let secretWords = ["token", "password", "passwd", "passphrase", "secret", "apikey", "credential"]

    /// Why the next word is a secret, whatever it says.
    private var expected: String?
    /// The quote that ends a secret which goes over several words of a shell's command line.
    private var openQuote: Character?

    public init(of original: [String]) {
        for argument in original {
            openQuote = nil
            arguments.append(redactWords(of: argument))
        }
    }

    /// A shell carries a whole command line in one argument, so words are looked at rather than arguments.
    private mutating func redactWords(of argument: String) -> String {
        var result = ""
        for part in argument.split(omittingEmptySubsequences: false, whereSeparator: \.isWhitespace) {
            result += redact(part)
            if part.endIndex < argument.endIndex { result.append(argument[part.endIndex]) }
        }
        return result
    }

    private mutating func redact(_ word: Substring) -> String {
        if let quote = openQuote {
            if word.last == quote { openQuote = nil }
            return ""
        }
        guard !word.isEmpty else { return "" }
        if let reason = expected {
            expected = nil
            if !word.hasPrefix("--") { return replaced(word, reason) }
        }
        if let equals = word.firstIndex(of: "="), Self.namesSecret(word[..<equals]) {
            let name = word[...equals]
            return name + replaced(word[word.index(after: equals)...], "value of \(name.dropLast())")
        }
        if word.hasPrefix("-"), Self.namesSecret(word) { expected = "value of \(word)" }
        let bare = word.lowercased().filter { $0.isLetter }
        if bare == "bearer" || bare == "basic" { expected = "credentials of \(word)" }
        return redactQuery(redactUserInformation(word))
    }

    private mutating func replaced(_ value: Substring, _ what: String) -> String {
        guard !value.isEmpty else { return "" }
        if let quote = value.first, quote == "'" || quote == "\"", value.count == 1 || value.last != quote {
            openQuote = quote
        }
        redactions.append(what)
        return Self.mark
    }

    /// `https://user:password@host/` (RFC 3986 §3.2.1).
    private mutating func redactUserInformation(_ word: Substring) -> Substring {
        guard let start = word.firstRange(ofText: "://")?.upperBound else { return word }
        let authority = word[start...].prefix { !"/?#".contains($0) }
        guard let at = authority.lastIndex(of: "@") else { return word }
        redactions.append("user information of a URL")
        return word[..<start] + Self.mark + word[at...]
    }

    /// `?token=…&password=…`.
    private mutating func redactQuery(_ word: Substring) -> String {
        guard word.contains("?") else { return String(word) }
        var result = ""
        var rest = word
        while !rest.isEmpty {
            let part = rest.prefix { !"?&;".contains($0) }
            if let equals = part.firstIndex(of: "="), Self.namesSecret(part[..<equals]) {
                result += part[...equals] + replaced(part[part.index(after: equals)...], "value of a URL's query")
            } else {
                result += part
            }
            rest = rest[part.endIndex...]
            if let separator = rest.popFirst() { result.append(separator) }
        }
        return result
    }

    /// `--polling-token`, `MANAGER_PASSWORD`; but `--token-file` names a place and no secret.
    private static func namesSecret(_ name: Substring) -> Bool {
        guard name.count <= 64, !name.contains("/") else { return false }
        let plain = name.lowercased().filter { $0.isLetter || $0.isNumber }
        guard !["file", "path", "dir", "url"].contains(where: { plain.hasSuffix($0) }) else { return false }
        return secretWords.contains { plain.contains($0) }
    }
}

extension Substring {
    fileprivate func firstRange(ofText text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            formIndex(after: &start)
        }
        return nil
    }
}
