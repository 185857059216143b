/// What a job is known by: a random UUID (RFC 9562 §5.4), made by the agent and never by a client, so that it is safe in
/// paths and in names of units.
public struct JobID: Hashable, Sendable, CustomStringConvertible {
    /// In lower case: `0f8fad5b-d9cb-469f-a165-70867728950e`.
    public let description: String

    public init() {
        var generator = SystemRandomNumberGenerator()
        self.init(random: (generator.next(), generator.next()))
    }

    init(random: (UInt64, UInt64)) {
        let high = random.0 & ~0xF000 | 0x4000
        let low = random.1 & ~(0xC000 << 48) | 0x8000 << 48
        var digits = JobID.hexadecimal(high) + JobID.hexadecimal(low)
        for place in [20, 16, 12, 8] { digits.insert(UInt8(ascii: "-"), at: place) }
        description = String(decoding: digits, as: UTF8.self)
    }

    /// nil for what is no UUID in its usual form.
    public init?(_ text: String) {
        let dashes: Set = [8, 13, 18, 23]
        guard text.utf8.count == 36 else { return nil }
        for (place, byte) in text.utf8.enumerated() {
            let isDigit = (48...57).contains(byte) || (97...102).contains(byte) || (65...70).contains(byte)
            guard dashes.contains(place) ? byte == UInt8(ascii: "-") : isDigit else { return nil }
        }
        description = text.lowercased()
    }

    private static func hexadecimal(_ value: UInt64) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return (0..<16).map { digits[Int(value >> (60 - UInt64($0) * 4) & 15)] }
    }
}
