import YAML

/// A configuration file without its secrets, byte for byte the same everywhere else.
///
/// What cannot be understood loses more rather than less: text that is not UTF-8 is dropped whole, and in a file that
/// does not parse everything behind a suspicious key goes.
public struct RedactedText: Sendable, Hashable {
    public let bytes: [UInt8]
    /// What was taken out and where: `value of enrollment.polling_token, line 12`.
    public let redactions: [String]

    public static let placeholder = "<redacted>"

    public init(_ original: [UInt8]) {
        guard RedactedText.isPlainText(original) else {
            bytes = Array((RedactedText.placeholder + "\n").utf8)
            redactions = ["the whole file: it is not UTF-8 text, so its secrets can't be told from the rest"]
            return
        }
        var finder = SecretFinder(original)
        finder.run()
        var result: [UInt8] = []
        var notes: [String] = []
        var position = 0
        for secret in finder.merged {
            result += original[position..<secret.bytes.lowerBound]
            result += Array(RedactedText.placeholder.utf8)
            position = secret.bytes.upperBound
            let note = "\(secret.what), line \(finder.line(of: secret.bytes.lowerBound))"
            if notes.count < 100, !notes.contains(note) { notes.append(note) }
        }
        bytes = result + original[position...]
        redactions = notes
    }

    /// A URL, or what was meant to be one, without what stands before an `@`.
    static func withoutUserinfo(_ text: String) -> String {
        guard let at = text.lastIndex(of: "@") else { return text }
        return placeholder + text[at...]
    }

    private static func isPlainText(_ bytes: [UInt8]) -> Bool {
        !bytes.contains(0) && String(validating: bytes, as: UTF8.self) != nil
    }

    /// Words that make a key's value a secret.
    static let secretWords = [
        "token", "password", "passwd", "passphrase", "secret", "credential", "apikey", "api_key", "private_key",
    ]

    static func isSecret(key: String) -> Bool {
        let key = key.lowercased()
        return secretWords.contains { key.contains($0) }
    }
}
