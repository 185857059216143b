import Values

extension SecretScan {
    /// Takes secrets out of the strings of a JSON text and leaves everything else as it is, so that it stays JSON.
    ///
    /// A key that is spread over several strings, as in logged lines, is followed from string to string: after one
    /// that opens a block, strings of base64 go too until one closes it.
    func cleanJSON(_ text: [UInt8]) -> Outcome {
        // The markers are plain ASCII, which JSON never escapes: a text without any has no secret to look for.
        guard !Self.secrets(in: text).isEmpty else { return Outcome(content: text) }
        var outcome = Outcome(content: [])
        outcome.content.reserveCapacity(text.count)
        var isInsideKey = false
        var place = 0
        while place < text.count {
            let byte = text[place]
            outcome.content.append(byte)
            place += 1
            guard byte == UInt8(ascii: "\"") else { continue }
            let end = endOfString(in: text, from: place)
            let string = Array(text[place..<end])
            place = end
            if isInsideKey, PrivateKeyBlock.hasEnd(string) {
                isInsideKey = false
                replace(string, as: "end of a private key", in: &outcome)
            } else if isInsideKey, looksLikeKeyLine(string) {
                replace(string, as: "line of a private key", in: &outcome)
            } else {
                let cleaned = clean(string)
                if PrivateKeyBlock.isLeftOpen(string) { isInsideKey = true }
                outcome.content += cleaned.content
                outcome.redactions += cleaned.redactions
            }
            if place < text.count {
                outcome.content.append(text[place])
                place += 1
            }
        }
        return cleanMembers(outcome)
    }

    /// What a member's own name gives away: `"polling_token" : "…"`.
    private func cleanMembers(_ outcome: Outcome) -> Outcome {
        var result = Outcome(content: [], redactions: outcome.redactions)
        var kept = 0
        for secret in NamedSecret.all(in: outcome.content).sorted(by: { $0.range.lowerBound < $1.range.lowerBound })
        where secret.range.lowerBound > kept && outcome.content[secret.range.lowerBound - 1] == UInt8(ascii: "\"") {
            result.content += outcome.content[kept..<secret.range.lowerBound]
            result.content += placeholder(for: secret.kind, outcome.content[secret.range]).utf8
            result.redactions.append("\(secret.kind), \(secret.range.count) bytes")
            kept = secret.range.upperBound
        }
        result.content += outcome.content[kept...]
        return result
    }

    private func replace(_ string: [UInt8], as kind: String, in outcome: inout Outcome) {
        outcome.content += placeholder(for: kind, string[...]).utf8
        outcome.redactions.append("\(kind), \(string.count) bytes")
    }

    /// Where the closing quote stands.
    private func endOfString(in text: [UInt8], from start: Int) -> Int {
        var place = start
        while place < text.count, text[place] != UInt8(ascii: "\"") {
            place += text[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(place, text.count)
    }

    /// Base64 of a length that no state word or name has, and not a lower-case hexadecimal digest.
    private func looksLikeKeyLine(_ string: [UInt8]) -> Bool {
        guard string.count >= 20 else { return false }
        let isHexadecimal = string.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
        return !isHexadecimal
            && string.allSatisfy { Base64.value(of: $0) != nil || $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "\\") }
    }
}
