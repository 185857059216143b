/// A word with a grammar of its own, which lies in files and databases as that text and is read only where it keeps to it.
public protocol PackageWord: Hashable, Sendable, Codable, LosslessStringConvertible {}

extension PackageWord {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let word = Self(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no \(Self.self)")
        }
        self = word
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
