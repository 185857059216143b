/// The order of pacman's versions, `epoch:version-release` (vercmp(8)): like rpm's of old, but what separates counts,
/// and letters at the end make a version older.
public enum PacmanVersionOrder {
    /// Whether `left` is older than `right`.
    public static func isOlder(_ left: String, _ right: String) -> Bool { compare(left, right) < 0 }

    /// Below zero where `left` is older, zero where pacman takes both for the same.
    static func compare(_ left: String, _ right: String) -> Int {
        let (one, other) = (RpmVersionOrder.Parts(left), RpmVersionOrder.Parts(right))
        if one.epoch != other.epoch { return one.epoch < other.epoch ? -1 : 1 }
        let version = segments(one.version, other.version)
        if version != 0 { return version }
        guard let release = one.release, let wanted = other.release else { return 0 }
        return segments(release, wanted)
    }

    private static func segments(_ left: Substring.UTF8View, _ right: Substring.UTF8View) -> Int {
        var (one, other) = (left, right)
        while !one.isEmpty && !other.isEmpty {
            let (start, second) = (one.count, other.count)
            one = one.drop { !RpmVersionOrder.isSegment($0) }
            other = other.drop { !RpmVersionOrder.isSegment($0) }
            guard let first = one.first, !other.isEmpty else { break }
            let (separator, wanted) = (start - one.count, second - other.count)
            if separator != wanted { return separator < wanted ? -1 : 1 }
            let isNumber = RpmVersionOrder.isDigit(first)
            // A number is newer than a word.
            if isNumber != RpmVersionOrder.isDigit(other[other.startIndex]) { return isNumber ? 1 : -1 }
            let difference =
                isNumber ? RpmVersionOrder.number(&one, &other) : RpmVersionOrder.word(&one, &other)
            if difference != 0 { return difference }
        }
        if one.isEmpty && other.isEmpty { return 0 }
        if let rest = one.first { return RpmVersionOrder.isLetter(rest) ? -1 : 1 }
        return other.first.map(RpmVersionOrder.isLetter) == true ? 1 : -1
    }
}
