public import Values

/// Writes JSON (RFC 8259) into bytes, in the order of the calls. It allocates nothing but its buffer, which
/// `reset` keeps.
public struct JSONWriter: Sendable {
    public private(set) var bytes: [UInt8]
    /// Whether a comma has to come before the next member or element.
    private var needsComma = false

    public init(reserving capacity: Int = 512) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    /// Empty again, its buffer kept.
    public mutating func reset() {
        bytes.removeAll(keepingCapacity: true)
        needsComma = false
    }

    public mutating func object(_ members: (inout JSONWriter) throws -> Void) rethrows {
        try nest(UInt8(ascii: "{"), UInt8(ascii: "}"), members)
    }

    public mutating func array(_ elements: (inout JSONWriter) throws -> Void) rethrows {
        try nest(UInt8(ascii: "["), UInt8(ascii: "]"), elements)
    }

    private mutating func nest(
        _ opening: UInt8, _ closing: UInt8, _ content: (inout JSONWriter) throws -> Void
    ) rethrows {
        separate()
        bytes.append(opening)
        needsComma = false
        try content(&self)
        bytes.append(closing)
        needsComma = true
    }

    /// A member's name; its value is the next call.
    public mutating func name(_ name: String) {
        string(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Escapes what RFC 8259 §7 demands, and DEL.
    public mutating func string(_ text: String) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        if text.utf8.contains(where: JSONWriter.needsEscape) {
            for byte in text.utf8 { escape(byte) }
        } else {
            bytes.append(contentsOf: text.utf8)
        }
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    public mutating func number(_ value: some FixedWidthInteger) {
        separate()
        guard value != 0 else {
            bytes.append(UInt8(ascii: "0"))
            needsComma = true
            return
        }
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        let start = bytes.count
        var rest = UInt64(value.magnitude)
        while rest > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        }
        bytes[start...].reverse()
        needsComma = true
    }

    public mutating func boolean(_ value: Bool) { literal(value ? "true" : "false") }

    public mutating func null() { literal("null") }

    /// A time as RFC 3339 with microseconds and an offset, as a manager of today parses it:
    /// `2026-05-20T20:23:55.000000+00:00`.
    public mutating func time(_ time: WallTime) {
        separate()
        let civil = time.civil
        bytes.append(UInt8(ascii: "\""))
        digits(civil.year, 4, UInt8(ascii: "-"))
        digits(civil.month, 2, UInt8(ascii: "-"))
        digits(civil.day, 2, UInt8(ascii: "T"))
        digits(civil.hour, 2, UInt8(ascii: ":"))
        digits(civil.minute, 2, UInt8(ascii: ":"))
        digits(civil.second, 2, UInt8(ascii: "."))
        digits(civil.microsecond, 6, UInt8(ascii: "+"))
        bytes.append(contentsOf: "00:00\"".utf8)
        needsComma = true
    }

    /// JSON that is already written.
    public mutating func raw(_ json: [UInt8]) {
        separate()
        bytes.append(contentsOf: json)
        needsComma = true
    }

    private mutating func literal(_ word: String) {
        separate()
        bytes.append(contentsOf: word.utf8)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func digits(_ value: Int64, _ width: Int, _ end: UInt8) {
        let start = bytes.count
        var rest = max(0, value)
        for _ in 0..<width {
            bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        }
        bytes[start...].reverse()
        bytes.append(end)
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == 0x22 || byte == 0x5C || byte == 0x7F
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(byte)
        case 0x00...0x1F, 0x7F:
            let digits = Array("0123456789abcdef".utf8)
            bytes.append(contentsOf: "\\u00".utf8)
            bytes.append(digits[Int(byte >> 4)])
            bytes.append(digits[Int(byte & 15)])
        default: bytes.append(byte)
        }
    }
}
