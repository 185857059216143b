/// A package's version as its package manager writes it: nothing that one takes for an option, a pattern or a path.
public struct PackageVersion: Hashable, Sendable, CustomStringConvertible {
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

extension PackageVersion: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let version = PackageVersion(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no version of a package")
        }
        self = version
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension PackageName: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let name = PackageName(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no name of a package")
        }
        self = name
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
