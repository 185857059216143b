/// Counts the identities that a host has had; a higher one is younger.
public struct GenerationNumber: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let value: UInt32

    public init(_ value: UInt32) { self.value = value }

    public static func < (left: GenerationNumber, right: GenerationNumber) -> Bool { left.value < right.value }

    public var description: String { String(value) }
}
