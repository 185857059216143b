/// Takes secrets out of log lines before they are kept: tokens and passwords by the name in front of them, bearer
/// tokens, the user part of URLs, and private keys, also where each line of one is an entry of its own.
struct LineSecrets {
    /// How many were taken out.
    private(set) var count = 0
    /// Between the BEGIN and the END line of a private key.
    private var insideKey = false

    static let placeholder = Array("<masked>".utf8)
    /// What a secret's name ends in, before `=` or `:`; in lower case.
    private static let names = [
        "token", "password", "passwd", "passphrase", "secret", "apikey", "api_key", "api-key", "access_key",
        "private_key", "authorization", "cookie",
    ].map { Array($0.utf8) }
    private static let bearer = Array("bearer ".utf8)
    private static let beginning = Array("-----BEGIN ".utf8)
    private static let ending = Array("-----END ".utf8)
    private static let privateKey = Array("PRIVATE KEY-----".utf8)

    /// The line without its secrets. Lines are to be given in their order.
    mutating func mask(_ line: [UInt8]) -> [UInt8] {
        maskWords(maskKeys(line))
    }

    /// Takes out private keys, and lines that can only be a piece of one.
    private mutating func maskKeys(_ line: [UInt8]) -> [UInt8] {
        if !insideKey, line.first(LineSecrets.beginning, from: 0) == nil {
            guard LineSecrets.isKeyMaterial(line) else { return line }
            count += 1
            return LineSecrets.placeholder
        }
        var result: [UInt8] = []
        var index = 0
        while index < line.count {
            if insideKey {
                count += result.count >= LineSecrets.placeholder.count ? 0 : 1
                result += LineSecrets.placeholder
                guard let end = line.first(LineSecrets.ending, from: index),
                    let after = line.first(LineSecrets.privateKey, from: end)
                else { return result }
                insideKey = false
                index = after + LineSecrets.privateKey.count
            } else if let begin = line.first(LineSecrets.beginning, from: index),
                let header = line.first(LineSecrets.privateKey, from: begin), header - begin < 40
            {
                result += line[index..<begin]
                insideKey = true
                index = begin
            } else {
                result += line[index...]
                index = line.count
            }
        }
        return result
    }

    /// A long line of nothing but base64, capitals, small letters and digits in it: inside of a PEM block.
    private static func isKeyMaterial(_ line: [UInt8]) -> Bool {
        guard line.count >= 40 else { return false }
        var kinds: UInt8 = 0
        for byte in line {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): kinds |= 1
            case UInt8(ascii: "a")...UInt8(ascii: "z"): kinds |= 2
            case UInt8(ascii: "0")...UInt8(ascii: "9"): kinds |= 4
            case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="): break
            default: return false
            }
        }
        return kinds == 7
    }

    private mutating func maskWords(_ line: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(line.count)
        var index = 0
        while index < line.count {
            if let value = secretValue(line, index) {
                result += line[index..<value.lowerBound]
                result += LineSecrets.placeholder
                count += 1
                index = value.upperBound
            } else {
                result.append(line[index])
                index += 1
            }
        }
        return result
    }

    /// The range of a secret whose introduction begins at `index`.
    private func secretValue(_ line: [UInt8], _ index: Int) -> Range<Int>? {
        if line[index] == UInt8(ascii: ":"), line.has("://", at: index) {
            let start = index + 3
            let end = line[start...].firstIndex { $0 <= 0x20 || LineSecrets.endsAuthority($0) } ?? line.count
            guard let at = line[start..<end].lastIndex(of: UInt8(ascii: "@")), at > start else { return nil }
            return start..<at
        }
        if line.hasWord(LineSecrets.bearer, at: index) {
            return LineSecrets.value(line, from: index + LineSecrets.bearer.count)
        }
        guard let name = LineSecrets.names.first(where: { line.hasWord($0, at: index) }) else { return nil }
        var at = index + name.count
        // `"token": "…"`, `token=…`, `Authorization: Bearer …`, `--token …`.
        if at < line.count, LineSecrets.isQuote(line[at]) { at += 1 }
        let isOption = line[..<index].isInsideOption
        let spaces = line[min(at, line.count)...].prefix { $0 == 0x20 }.count
        let separator = at + spaces
        guard separator < line.count else { return nil }
        if line[separator] == UInt8(ascii: "=") || line[separator] == UInt8(ascii: ":") {
            at = separator + 1
        } else if !(isOption && spaces > 0) {
            return nil
        }
        while at < line.count, line[at] == 0x20 || LineSecrets.isQuote(line[at]) { at += 1 }
        for scheme in ["bearer ", "basic "] where line.hasWord(Array(scheme.utf8), at: at) { at += scheme.utf8.count }
        return LineSecrets.value(line, from: at)
    }

    private static func value(_ line: [UInt8], from start: Int) -> Range<Int>? {
        guard start < line.count else { return nil }
        let end = line[start...].firstIndex { $0 <= 0x20 || isQuote($0) || ",;&)}]".utf8.contains($0) } ?? line.count
        return end > start && !line[start..<end].elementsEqual(placeholder) ? start..<end : nil
    }

    private static func isQuote(_ byte: UInt8) -> Bool { byte == 0x22 || byte == 0x27 || byte == 0x60 || byte == 0x5C }

    private static func endsAuthority(_ byte: UInt8) -> Bool { "/?#\"'".utf8.contains(byte) }
}

extension Array<UInt8> {
    fileprivate func has(_ text: String, at index: Int) -> Bool { self[index...].starts(with: text.utf8) }

    /// In any case of letters; `word` is in lower case.
    fileprivate func hasWord(_ word: [UInt8], at index: Int) -> Bool {
        guard index + word.count <= count else { return false }
        for offset in word.indices {
            let byte = self[index + offset]
            let lower = byte &- 0x41 < 26 ? byte | 0x20 : byte
            if lower != word[offset] { return false }
        }
        return true
    }

    fileprivate func first(_ pattern: [UInt8], from start: Int) -> Int? {
        guard count - start >= pattern.count else { return nil }
        return (start...(count - pattern.count)).first { self[$0...].starts(with: pattern) }
    }
}

extension ArraySlice<UInt8> {
    /// Whether these bytes end in the beginning of a long option: `… --polling-`.
    fileprivate var isInsideOption: Bool {
        let word = split(separator: 0x20, omittingEmptySubsequences: false).last
        return word?.starts(with: "--".utf8) ?? false
    }
}
