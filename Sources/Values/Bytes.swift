/// An amount of storage.
public struct Bytes: Hashable, Comparable, Sendable, Codable {
    public let count: UInt64

    public init(_ count: UInt64) { self.count = count }
    public static func kibibytes(_ value: UInt64) -> Bytes { Bytes(value << 10) }
    public static func mebibytes(_ value: UInt64) -> Bytes { Bytes(value << 20) }

    public static func < (left: Bytes, right: Bytes) -> Bool { left.count < right.count }

    /// One decimal in the largest binary unit that keeps it at least 1: `1.5 GiB`.
    public var readable: String {
        for (shift, unit) in [(40, "TiB"), (30, "GiB"), (20, "MiB"), (10, "KiB")] as [(UInt64, String)]
        where count >> shift > 0 {
            let tenths = ((count >> (shift - 10)) * 10) >> 10
            return "\(tenths / 10).\(tenths % 10) \(unit)"
        }
        return "\(count) B"
    }
}
