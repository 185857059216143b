/// Takes values that look secret out of command lines and environments, which are kept in evidence.
///
/// Word after word, because an option's value may be the next word: `--token`, then the token.
struct SecretWords {
    static let placeholder = ArgumentRedaction.mark
    private var nextIsSecret = false

    /// The word as it may be kept. One that is a command line itself, as behind `sh -c`, is judged word by word.
    mutating func judge(_ word: String) -> String {
        guard word.contains(" "), !Self.isAssignment(word) else { return judgeOne(word) }
        return word.split(separator: " ", omittingEmptySubsequences: false).map { judgeOne(String($0)) }
            .joined(separator: " ")
    }

    private mutating func judgeOne(_ word: String) -> String {
        if nextIsSecret {
            nextIsSecret = false
            if !word.hasPrefix("-"), !Self.isPath(word[...]) { return Self.placeholder }
        }
        guard let equals = word.firstIndex(of: "=") else {
            let announces = ["bearer", "basic"].contains(word.lowercased().filter(\.isLetter))
            nextIsSecret = announces || word.hasPrefix("-") && Self.namesSecret(word)
            return Self.withoutAddressSecrets(word)
        }
        let value = word[word.index(after: equals)...]
        guard !value.isEmpty, Self.namesSecret(String(word[..<equals])), !Self.isPath(value) else {
            return Self.withoutAddressSecrets(word)
        }
        return word[...equals] + Self.placeholder
    }

    /// Whether a variable or option of this name usually holds a secret.
    static func namesSecret(_ name: String) -> Bool {
        let name = name.lowercased()
        return [
            "token", "secret", "passw", "passphrase", "credential", "apikey", "api_key", "api-key", "key", "auth",
            "cookie", "bearer",
        ].contains { name.contains($0) }
    }

    /// `TLS_KEY=/etc/key.pem` and `--key /etc/key.pem` say where, not what.
    private static func isPath(_ value: Substring) -> Bool { value.hasPrefix("/") && !value.contains(" ") }

    /// `NAME=value`, whose value may hold spaces.
    private static func isAssignment(_ word: String) -> Bool {
        guard let equals = word.firstIndex(of: "="), equals > word.startIndex else { return false }
        return word[..<equals].allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }

    /// `https://user:password@host/?token=…` without its secrets.
    private static func withoutAddressSecrets(_ word: String) -> String {
        word.contains("://") ? ArgumentRedaction(of: [word]).arguments.first ?? placeholder : word
    }
}
