import Values

/// Text of an HTML document. Only what stands in our own sources is markup: what is interpolated is words, made
/// harmless, bounded and escaped, unless it is `Markup` itself.
struct Markup: ExpressibleByStringInterpolation, Equatable {
    private(set) var text: String

    init(stringLiteral text: String) { self.text = text }
    init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

    static func + (left: Markup, right: Markup) -> Markup {
        var sum = left
        sum += right
        return sum
    }

    static func += (left: inout Markup, right: Markup) { left.text += right.text }

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

        mutating func appendLiteral(_ literal: String) { text += literal }
        mutating func appendInterpolation(_ markup: Markup) { text += markup.text }
        mutating func appendInterpolation(_ number: Int) { text += String(number) }
        mutating func appendInterpolation(_ number: Int32) { text += String(number) }

        /// A coordinate, to a hundredth.
        @inline(never) mutating func appendInterpolation(_ number: Double) {
            let rounded = (number * 100).rounded() / 100
            text += rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
        }

        /// Words of whatever origin; `limit` in characters of theirs.
        @inline(never) mutating func appendInterpolation(_ words: String, limit: Int = 512) {
            for scalar in words.harmless(limit: limit).unicodeScalars { append(scalar) }
        }

        /// Words that may hold paths and options, to be read and copied: a path goes to a line of its own where it
        /// fits there and else breaks behind a slash, an option never breaks.
        @inline(never) mutating func appendInterpolation(flowing words: String, limit: Int = 512) {
            var isFirst = true
            for word in words.harmless(limit: limit).split(separator: " ", omittingEmptySubsequences: false) {
                if !isFirst { text += " " }
                isFirst = false
                let isOption = word.hasPrefix("-") && word.utf8.count < 24
                let isPath = !isOption && word.utf8.contains(UInt8(ascii: "/"))
                if isOption || isPath { text += isOption ? "<span class=\"whole\">" : "<span class=\"path\">" }
                // A slash that opens a word is no place to break.
                var before: Unicode.Scalar?
                var isBehindSlash = false
                for scalar in word.unicodeScalars {
                    if isBehindSlash, scalar != "/" { text += "<wbr/>" }
                    append(scalar)
                    isBehindSlash = scalar == "/" && before != nil
                    before = scalar
                }
                if isOption || isPath { text += "</span>" }
            }
        }

        private mutating func append(_ scalar: Unicode.Scalar) {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "'": text += "&#39;"
            // No characters of XML, in any spelling.
            case "\u{FFFE}", "\u{FFFF}": text += "\u{FFFD}"
            default: text.unicodeScalars.append(scalar)
            }
        }

        /// A point of time, for people and for machines.
        @inline(never) mutating func appendInterpolation(_ time: WallTime) {
            text += "<time datetime=\"\(time.rfc3339)\">\(time.readable)</time>"
        }
    }
}

extension Int {
    /// With a comma after each thousand: `117,647`.
    var grouped: String {
        var digits = String(magnitude)
        var place = digits.endIndex
        while let next = digits.index(place, offsetBy: -3, limitedBy: digits.startIndex), next > digits.startIndex {
            digits.insert(",", at: next)
            place = next
        }
        return (self < 0 ? "-" : "") + digits
    }
}

extension String {
    /// At most so many columns of a picture, a wide character taking two; cut words end in an ellipsis.
    func fitted(to columns: Int) -> String {
        var result = ""
        var width = 0
        for scalar in harmless(limit: columns + 1).unicodeScalars {
            width += scalar.value >= 0x1100 ? 2 : 1
            guard width <= columns || (width == columns + 1 && scalar == "…") else { return result + "…" }
            result.unicodeScalars.append(scalar)
        }
        return result
    }
}
