import Values
import YAML

/// Finds the ranges of a text that hold secrets.
struct SecretFinder {
    struct Secret {
        var bytes: Range<Int>
        var what: String
    }

    let bytes: [UInt8]
    private var found: [Secret] = []
    /// The first values that were found, to be looked for in the rest of the file.
    private var values: Set<[UInt8]> = []
    private let lineStarts: [Int]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        lineStarts = [0] + bytes.indices.filter { bytes[$0] == 10 }.map { $0 + 1 }
    }

    mutating func run() {
        let document = try? Document(bytes)
        if let root = document?.root { walk(root, below: "") }
        if document != nil { findInComments() } else { findLineByLine() }
        findPrivateKeys()
        findUserinfo()
        findRepetitions()
    }

    /// In order, without overlap.
    var merged: [Secret] {
        var result: [Secret] = []
        for secret in found.sorted(by: { $0.bytes.lowerBound < $1.bytes.lowerBound }) where !secret.bytes.isEmpty {
            if let last = result.last, secret.bytes.lowerBound < last.bytes.upperBound {
                let upper = max(last.bytes.upperBound, secret.bytes.upperBound)
                result[result.count - 1].bytes = last.bytes.lowerBound..<upper
            } else {
                result.append(secret)
            }
        }
        return result
    }

    /// Counted from 1.
    func line(of offset: Int) -> Int {
        var low = 0
        var high = lineStarts.count
        while low < high {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// In a file that parses.
extension SecretFinder {
    private mutating func walk(_ node: Node, below path: String) {
        switch node.content {
        case .scalar: break
        case .sequence(let elements): for element in elements { walk(element, below: path) }
        case .mapping(let entries):
            for entry in entries {
                let key = entry.key.scalar?.text ?? ""
                let dotted = path.isEmpty ? key : path + "." + key
                if RedactedText.isSecret(key: key) {
                    take(entry.value, what: "value of \(dotted.harmless(limit: 128))")
                } else {
                    walk(entry.value, below: dotted)
                }
                walk(entry.key, below: path)
            }
        }
    }

    private mutating func take(_ node: Node, what: String) {
        switch node.content {
        case .scalar(let scalar):
            guard !scalar.text.isEmpty, !scalar.isNull else { return }
            if values.count < 32 { values.insert(Array(scalar.text.utf8)) }
            var end = scalar.bytes.upperBound
            while end > scalar.bytes.lowerBound, [9, 10, 13, 32].contains(bytes[end - 1]) { end -= 1 }
            found.append(Secret(bytes: scalar.bytes.lowerBound..<end, what: what))
        case .sequence(let elements): for element in elements { take(element, what: what) }
        case .mapping(let entries):
            for entry in entries {
                take(entry.key, what: what)
                take(entry.value, what: what)
            }
        }
    }

    /// A comment may hold last year's token.
    private mutating func findInComments() {
        for line in lines {
            guard let hash = line.first(where: { bytes[$0] == UInt8(ascii: "#") }) else { continue }
            guard let value = valueStart(in: hash..<line.upperBound, needingSeparator: true) else { continue }
            take(value..<line.upperBound, what: "value in a comment")
        }
    }
}

/// In a file that does not.
extension SecretFinder {
    private mutating func findLineByLine() {
        var masked: (indent: Int, awaitsValue: Bool, quote: UInt8?)?
        for line in lines {
            let indent = line.prefix { bytes[$0] == 32 || bytes[$0] == 9 }.count
            let isBlank = indent == line.count
            if let open = masked, !isBlank {
                let first = bytes[line.lowerBound + indent]
                let closes = open.quote.map { quote in line.contains { bytes[$0] == quote } }
                if closes != nil || indent > open.indent || open.awaitsValue || first == UInt8(ascii: "-") {
                    take((line.lowerBound + indent)..<line.upperBound, what: "what follows a secret's key")
                    masked = (open.indent, false, closes == true ? nil : open.quote)
                    continue
                }
                masked = nil
            }
            guard let value = valueStart(in: line, needingSeparator: false) else { continue }
            let rest = value..<line.upperBound
            take(rest, what: "rest of a line behind a secret's key")
            let first = rest.first.map { bytes[$0] }
            let quote = first == 34 || first == 39 ? first : nil
            let isOpen = quote.map { quote in !rest.dropFirst().contains { bytes[$0] == quote } } ?? false
            masked = (indent, rest.isEmpty, isOpen ? quote : nil)
        }
    }

    /// Where the value behind the first suspicious word of this range begins, white space left out.
    private func valueStart(in range: Range<Int>, needingSeparator: Bool) -> Int? {
        let text = bytes[range].map { (65...90).contains($0) ? $0 + 32 : $0 }
        var word: Int?
        for secret in RedactedText.secretWords {
            if let place = text.firstIndex(ofSequence: Array(secret.utf8)) {
                word = min(word ?? .max, place + secret.utf8.count)
            }
        }
        guard var position = word else { return nil }
        // To the end of the identifier: `token_file`, `tokens`.
        while position < text.count, text[position].isIdentifier { position += 1 }
        while position < text.count, [32, 9, 34, 39].contains(text[position]) { position += 1 }
        if position < text.count, text[position] == UInt8(ascii: ":") || text[position] == UInt8(ascii: "=") {
            position += 1
        } else if needingSeparator {
            return nil
        }
        while position < text.count, text[position] == 32 || text[position] == 9 { position += 1 }
        return range.lowerBound + position
    }

    /// Ranges of the lines without their breaks.
    private var lines: [Range<Int>] {
        lineStarts.indices.map { index in
            var end = index + 1 < lineStarts.count ? lineStarts[index + 1] - 1 : bytes.count
            if end > lineStarts[index], bytes[end - 1] == 13 { end -= 1 }
            return lineStarts[index]..<end
        }
    }

    private mutating func take(_ range: Range<Int>, what: String) {
        if !range.isEmpty { found.append(Secret(bytes: range, what: what)) }
    }
}

/// In any file.
extension SecretFinder {
    /// From `-----BEGIN … PRIVATE KEY-----` to its end, or to the end of the file where it has none.
    private mutating func findPrivateKeys() {
        let begin = Array("-----BEGIN ".utf8)
        let end = Array("-----END ".utf8)
        var position = 0
        while let start = bytes[position...].firstIndex(ofSequence: begin) {
            let label = bytes[start...].prefix { $0 != 10 }.prefix(64)
            position = start + begin.count
            guard label.firstIndex(ofSequence: Array("PRIVATE KEY".utf8)) != nil else { continue }
            let last = bytes[position...].firstIndex(ofSequence: end) ?? bytes.count
            take(start..<last, what: "private key")
            position = last
        }
    }

    /// `user:password@` behind `://`.
    private mutating func findUserinfo() {
        let mark = Array("://".utf8)
        var position = 0
        while let start = bytes[position...].firstIndex(ofSequence: mark) {
            position = start + mark.count
            let authority = bytes[position...].prefix { $0 > 32 && !"/?#\"'".utf8.contains($0) }
            guard let at = authority.lastIndex(of: UInt8(ascii: "@")) else { continue }
            take(position..<at, what: "user and password in a URL")
        }
    }

    private mutating func findRepetitions() {
        for value in values where value.count >= 6 {
            var position = 0
            while let start = bytes[position...].firstIndex(ofSequence: value) {
                take(start..<(start + value.count), what: "a secret's value")
                position = start + value.count
            }
        }
    }
}

extension UInt8 {
    fileprivate var isIdentifier: Bool {
        (48...57).contains(self) || (97...122).contains(self) || self == UInt8(ascii: "_") || self == UInt8(ascii: "-")
    }
}

extension Collection where Element == UInt8, Index == Int {
    /// Where these bytes begin for the first time.
    fileprivate func firstIndex(ofSequence wanted: [UInt8]) -> Int? {
        guard let first = wanted.first, count >= wanted.count else { return nil }
        var position = startIndex
        let last = endIndex - wanted.count
        while position <= last {
            if self[position] == first, self[position..<(position + wanted.count)].elementsEqual(wanted) {
                return position
            }
            position += 1
        }
        return nil
    }
}
