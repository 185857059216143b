/// PEM blocks of private keys (RFC 7468 and its older relatives): `PRIVATE KEY`, `ENCRYPTED`, `RSA`, `EC`, `DSA`,
/// `OPENSSH`, `PGP … BLOCK`.
enum PrivateKeyBlock {
    private static let words = BytePattern("PRIVATE KEY")

    static func all(in content: [UInt8]) -> [SecretScan.Secret] {
        var found: [SecretScan.Secret] = []
        var place = 0
        while let hit = words.first(in: content, from: place) {
            place = hit + words.count
            guard let opening = marker("BEGIN", at: hit, in: content) else { continue }
            let end = end(after: place, in: content) ?? content.count
            found.append(SecretScan.Secret(range: opening.start..<end, kind: opening.label))
            place = end
        }
        return found
    }

    /// Whether a block begins in `content`, and whether the last one to begin also ends there.
    static func isLeftOpen(_ content: [UInt8]) -> Bool {
        guard let last = all(in: content).last else { return false }
        return last.range.upperBound == content.count && end(after: last.range.lowerBound, in: content) == nil
    }

    /// Whether a block's end marker stands in `content`.
    static func hasEnd(_ content: [UInt8]) -> Bool { end(after: 0, in: content) != nil }

    /// Behind the dashes of the next end marker.
    private static func end(after start: Int, in content: [UInt8]) -> Int? {
        var place = start
        while let hit = words.first(in: content, from: place) {
            place = hit + words.count
            guard marker("END", at: hit, in: content) != nil else { continue }
            while place < content.count, content[place] == UInt8(ascii: "-") || isLabel(content[place]) { place += 1 }
            return place
        }
        return nil
    }

    /// `--…--BEGIN label` around the words at `hit`: where its dashes start, and the label.
    private static func marker(_ keyword: StaticString, at hit: Int, in content: [UInt8]) -> (
        start: Int, label: String
    )? {
        let lowest = max(0, hit - 48)
        var start = hit
        while start > lowest, isLabel(content[start - 1]) { start -= 1 }
        let label = String(decoding: content[start..<(hit + words.count)], as: UTF8.self)
        let trimmed = label.drop { $0 == " " }
        guard trimmed.hasPrefix(keyword.description + " ") else { return nil }
        let dashes = start
        while start > lowest, content[start - 1] == UInt8(ascii: "-") { start -= 1 }
        guard dashes - start >= 2 else { return nil }
        return (start, String(trimmed.dropFirst(keyword.description.utf8.count + 1)))
    }

    private static func isLabel(_ byte: UInt8) -> Bool {
        (65...90).contains(byte) || (48...57).contains(byte) || byte == 32
    }
}
