/// The order of rpm's versions, `epoch:version-release` (rpm-version(7)).
public enum RpmVersionOrder {
    /// Whether `left` is older than `right`.
    public static func isOlder(_ left: String, _ right: String) -> Bool { compare(left, right) < 0 }

    /// Below zero where `left` is older, zero where rpm takes both for the same.
    static func compare(_ left: String, _ right: String) -> Int {
        let (one, other) = (Parts(left), Parts(right))
        if one.epoch != other.epoch { return one.epoch < other.epoch ? -1 : 1 }
        let version = segments(one.version, other.version)
        if version != 0 { return version }
        // A version without a release stands for each of its releases.
        guard let release = one.release, let wanted = other.release else { return 0 }
        return segments(release, wanted)
    }

    struct Parts {
        var epoch = 0
        var version: Substring.UTF8View
        var release: Substring.UTF8View?

        init(_ text: String) {
            var rest = Substring(text).utf8
            if let colon = rest.firstIndex(of: UInt8(ascii: ":")) {
                epoch = Int(String(Substring(rest[..<colon]))) ?? 0
                rest = rest[rest.index(after: colon)...]
            }
            guard let dash = rest.lastIndex(of: UInt8(ascii: "-")) else {
                version = rest
                return
            }
            version = rest[..<dash]
            release = rest[rest.index(after: dash)...]
        }
    }

    /// rpmvercmp: runs of digits and runs of letters in turns; what lies between them only parts them, but `~` is older
    /// than the end and `^` newer than the end.
    static func segments(_ left: Substring.UTF8View, _ right: Substring.UTF8View) -> Int {
        var (one, other) = (left, right)
        while !one.isEmpty || !other.isEmpty {
            one = one.drop { !isSegment($0) && !isMark($0) }
            other = other.drop { !isSegment($0) && !isMark($0) }
            if let early = mark(UInt8(ascii: "~"), &one, &other, endIsOlder: false) {
                if early != 0 { return early }
                continue
            }
            if let late = mark(UInt8(ascii: "^"), &one, &other, endIsOlder: true) {
                if late != 0 { return late }
                continue
            }
            guard let first = one.first, let second = other.first else { break }
            // A number is newer than a word.
            if isDigit(first) != isDigit(second) { return isDigit(first) ? 1 : -1 }
            let difference = isDigit(first) ? number(&one, &other) : word(&one, &other)
            if difference != 0 { return difference }
        }
        if one.isEmpty && other.isEmpty { return 0 }
        return one.isEmpty ? -1 : 1
    }

    /// nil where neither begins with that mark; both have passed it where zero is returned.
    private static func mark(
        _ byte: UInt8, _ one: inout Substring.UTF8View, _ other: inout Substring.UTF8View, endIsOlder: Bool
    ) -> Int? {
        let (left, right) = (one.first == byte, other.first == byte)
        if !left && !right { return nil }
        if left && right {
            one = one.dropFirst()
            other = other.dropFirst()
            return 0
        }
        guard endIsOlder else { return left ? -1 : 1 }
        // After `^` comes what was made later than the version itself, but before the next version.
        if left { return other.isEmpty ? 1 : -1 }
        return one.isEmpty ? -1 : 1
    }

    static func number(_ one: inout Substring.UTF8View, _ other: inout Substring.UTF8View) -> Int {
        let left = take(&one, isDigit).drop { $0 == UInt8(ascii: "0") }
        let right = take(&other, isDigit).drop { $0 == UInt8(ascii: "0") }
        return left.count == right.count ? order(left, right) : left.count - right.count
    }

    static func word(_ one: inout Substring.UTF8View, _ other: inout Substring.UTF8View) -> Int {
        order(take(&one, isLetter), take(&other, isLetter))
    }

    private static func take(_ rest: inout Substring.UTF8View, _ belongs: (UInt8) -> Bool) -> Substring.UTF8View {
        let segment = rest.prefix(while: belongs)
        rest = rest[segment.endIndex...]
        return segment
    }

    private static func order(_ left: Substring.UTF8View, _ right: Substring.UTF8View) -> Int {
        left.elementsEqual(right) ? 0 : left.lexicographicallyPrecedes(right) ? -1 : 1
    }

    static func isSegment(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }
    private static func isMark(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "~") || byte == UInt8(ascii: "^") }
    static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
    static func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte) || (97...122).contains(byte) }
}
