import Values

/// Folded names as ClusterShell writes them: `web[01-03,7],db1`, `r[1-2]n[1-4]`. Zeros in front of a range's beginning
/// give its width; `/2` behind it is its step (clustershell(7), "node sets").
public enum NodeSet {
    /// What one set may come to.
    public static let limit = 100_000

    /// The names in the order in which they are written.
    public static func expand(_ text: some StringProtocol) throws(HostListFault) -> [String] {
        var names: [String] = []
        for word in try split(String(text)) {
            names += try expand(word: word[...])
            if names.count > limit {
                throw HostListFault("'\(word.harmless(limit: 80))' makes more than \(limit) hosts")
            }
        }
        return names
    }

    /// At commas outside of brackets.
    private static func split(_ text: String) throws(HostListFault) -> [String] {
        var words: [String] = []
        var word = ""
        var depth = 0
        for character in text {
            if character == "[" { depth += 1 }
            if character == "]" { depth -= 1 }
            guard (0...1).contains(depth) else {
                throw HostListFault("brackets do not match in '\(text.harmless(limit: 80))'")
            }
            if character == ",", depth == 0 {
                words.append(word)
                word = ""
            } else {
                word.append(character)
            }
        }
        guard depth == 0 else { throw HostListFault("brackets do not match in '\(text.harmless(limit: 80))'") }
        return (words + [word]).filter { !$0.isEmpty }
    }

    private static func expand(word: Substring) throws(HostListFault) -> [String] {
        guard let open = word.firstIndex(of: "["), let close = word[open...].firstIndex(of: "]") else {
            return [String(word)]
        }
        let before = word[..<open]
        let after = try expand(word: word[word.index(after: close)...])
        var names: [String] = []
        for range in word[word.index(after: open)..<close].split(separator: ",", omittingEmptySubsequences: false) {
            for number in try numbers(range) {
                for rest in after { names.append(before + number + rest) }
                if names.count > limit {
                    throw HostListFault("'\(word.description.harmless(limit: 80))' makes more than \(limit) hosts")
                }
            }
        }
        return names
    }

    /// `01-10/3` → `01`, `04`, `07`, `10`.
    private static func numbers(_ range: Substring) throws(HostListFault) -> [String] {
        let parts = range.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let ends = parts[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let fault = HostListFault("'\(range.description.harmless(limit: 80))' is no range of numbers")
        let isPlain = (ends + parts.dropFirst()).allSatisfy { part in
            (1...9).contains(part.utf8.count) && part.utf8.allSatisfy { (48...57).contains($0) }
        }
        guard isPlain, let first = ends.first, let low = Int(first), let high = ends.last.flatMap({ Int($0) }),
            let step = parts.count > 1 ? Int(parts[1]) : 1, step > 0, low <= high
        else { throw fault }
        guard (high - low) / step < limit else { throw HostListFault("'\(range)' makes more than \(limit) hosts") }
        let width = first.hasPrefix("0") ? first.utf8.count : 1
        return stride(from: low, through: high, by: step).map { number in
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
    }
}
