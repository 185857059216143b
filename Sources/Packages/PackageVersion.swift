/// A package's version as its package manager writes it: nothing that one takes for an option, a pattern or a path.
public struct PackageVersion: PackageWord {
    public let description: String

    /// In bytes.
    public static let limit = 256

    /// Letters, digits and `+ . : ~ _ ^ -`, a letter or digit first: the grammar of the manager's contract, and the `^` of
    /// rpm (rpm-version(7)).
    public init?(_ text: String) {
        guard (1...PackageVersion.limit).contains(text.utf8.count), let first = text.utf8.first,
            PackageName.isAlphanumeric(first), text.utf8.allSatisfy(PackageVersion.isAllowed)
        else { return nil }
        description = text
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        PackageName.isAllowed(byte) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "~")
            || byte == UInt8(ascii: "^")
    }
}
