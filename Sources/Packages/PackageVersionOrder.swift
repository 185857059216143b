/// The order of Debian's version numbers (deb-version(7)).
public enum PackageVersionOrder {
    /// Whether `left` is older than `right`.
    public static func isOlder(_ left: String, _ right: String) -> Bool {
        let (left, right) = (parts(left), parts(right))
        if left.epoch != right.epoch { return left.epoch < right.epoch }
        let upstream = compare(left.upstream, right.upstream)
        return upstream == 0 ? compare(left.revision, right.revision) < 0 : upstream < 0
    }

    private static func parts(_ version: String) -> (epoch: Int, upstream: [UInt8], revision: [UInt8]) {
        var rest = Array(version.utf8)[...]
        var epoch = 0
        if let colon = rest.firstIndex(of: UInt8(ascii: ":")) {
            epoch = Int(String(decoding: rest[..<colon], as: UTF8.self)) ?? 0
            rest = rest[(colon + 1)...]
        }
        guard let dash = rest.lastIndex(of: UInt8(ascii: "-")) else { return (epoch, Array(rest), []) }
        return (epoch, Array(rest[..<dash]), Array(rest[(dash + 1)...]))
    }

    /// Texts and numbers in turns; below zero where the left one is older.
    private static func compare(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var (one, other) = (0, 0)
        while one < left.count || other < right.count {
            while one < left.count && !isDigit(left[one]) || other < right.count && !isDigit(right[other]) {
                let difference = weight(left, one) - weight(right, other)
                if difference != 0 { return difference }
                one += 1
                other += 1
            }
            let (number, second) = (digits(left, &one), digits(right, &other))
            if number.count != second.count { return number.count - second.count }
            for (digit, wanted) in zip(number, second) where digit != wanted { return Int(digit) - Int(wanted) }
        }
        return 0
    }

    /// `~` before the end, the end and digits before letters, letters before all else.
    private static func weight(_ bytes: [UInt8], _ index: Int) -> Int {
        guard index < bytes.count, !isDigit(bytes[index]) else { return 0 }
        let byte = bytes[index]
        if byte == UInt8(ascii: "~") { return -1 }
        return (65...90).contains(byte) || (97...122).contains(byte) ? Int(byte) : Int(byte) + 256
    }

    /// Without leading zeros, so that numbers of any length compare by length, then by digit.
    private static func digits(_ bytes: [UInt8], _ index: inout Int) -> ArraySlice<UInt8> {
        while index < bytes.count, bytes[index] == UInt8(ascii: "0") { index += 1 }
        let start = index
        while index < bytes.count, isDigit(bytes[index]) { index += 1 }
        return bytes[start..<index]
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
}
