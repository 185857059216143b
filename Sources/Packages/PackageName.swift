/// A package's name: nothing that a package manager takes for an option, a pattern or a path.
public struct PackageName: PackageWord, Comparable {
    public let description: String

    /// In bytes.
    public static let limit = 256

    /// Letters, digits and `+ . _ -`, a letter or digit first: the grammar of the manager's contract, which holds those
    /// of dpkg, rpm, pacman and apk.
    public init?(_ text: String) {
        guard (1...PackageName.limit).contains(text.utf8.count), let first = text.utf8.first,
            PackageName.isAlphanumeric(first), text.utf8.allSatisfy(PackageName.isAllowed)
        else { return nil }
        description = text
    }

    public static func < (left: PackageName, right: PackageName) -> Bool { left.description < right.description }

    static func isAllowed(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: "-")
    }

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
    }
}

/// Which names are asked for: a name in which `*` stands for any characters and `?` for one.
public struct NamePattern: Hashable, Sendable {
    private let pattern: [UInt8]

    /// nil for what no name can match.
    public init?(_ text: String) {
        guard (1...PackageName.limit).contains(text.utf8.count),
            let first = text.utf8.first, first != UInt8(ascii: "-"),
            text.utf8.allSatisfy({ PackageName.isAllowed($0) || $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") })
        else { return nil }
        pattern = Array(text.utf8)
    }

    /// The one name that it can match, where it has no wildcards.
    public var literal: PackageName? {
        pattern.contains(UInt8(ascii: "*")) || pattern.contains(UInt8(ascii: "?"))
            ? nil : PackageName(String(decoding: pattern, as: UTF8.self))
    }

    /// Goes back to the last `*` only, so that no pattern takes more than its length times the name's.
    public func matches(_ name: PackageName) -> Bool {
        let text = Array(name.description.utf8)
        var (position, place) = (0, 0)
        var star: (place: Int, position: Int)?
        while position < text.count {
            if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
                star = (place, position)
                place += 1
            } else if place < pattern.count, pattern[place] == text[position] || pattern[place] == UInt8(ascii: "?") {
                place += 1
                position += 1
            } else if let last = star {
                star = (last.place, last.position + 1)
                (place, position) = (last.place + 1, last.position + 1)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
