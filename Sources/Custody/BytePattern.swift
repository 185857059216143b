/// Finds one sequence of bytes in others (R. N. Horspool, "Practical fast searching in strings", 1980).
struct BytePattern: Sendable {
    private let bytes: [UInt8]
    private let shift: [Int]

    init(_ text: StaticString) {
        let bytes = Array(text.description.utf8)
        var shift = [Int](repeating: bytes.count, count: 256)
        for (index, byte) in bytes.dropLast().enumerated() { shift[Int(byte)] = bytes.count - 1 - index }
        self.bytes = bytes
        self.shift = shift
    }

    var count: Int { bytes.count }

    /// The first place at or after `start` where it begins.
    func first(in text: [UInt8], from start: Int = 0) -> Int? {
        let text = text.span
        let bytes = bytes.span
        let shift = shift.span
        let last = bytes.count - 1
        var place = start
        while place + last < text.count {
            var index = last
            while text[place + index] == bytes[index] {
                if index == 0 { return place }
                index -= 1
            }
            place += shift[Int(text[place + last])]
        }
        return nil
    }
}
