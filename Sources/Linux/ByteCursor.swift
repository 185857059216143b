/// A place in bytes, from which one reads forward: the words of /proc without a copy or an allocation.
///
/// It does not hold the bytes, so that it may live in any struct; every call names them.
public struct ByteCursor {
    public private(set) var position = 0

    public init() {}

    /// Passes over spaces and tabs.
    @inline(__always)
    public mutating func skipSpaces(in bytes: Span<UInt8>) {
        while position < bytes.count, bytes[position] == 32 || bytes[position] == 9 { position += 1 }
    }

    /// Passes over one field and the spaces before it.
    @inline(__always)
    public mutating func skipField(in bytes: Span<UInt8>) {
        skipSpaces(in: bytes)
        while position < bytes.count, bytes[position] != 32, bytes[position] != 9 { position += 1 }
    }

    /// Passes over `byte`; false, and no step, where another one stands.
    @inline(__always)
    public mutating func expect(_ byte: UInt8, in bytes: Span<UInt8>) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    /// An unsigned decimal number after spaces; nil where there is no digit or it does not fit.
    @inline(__always)
    public mutating func decimal(in bytes: Span<UInt8>) -> UInt64? {
        skipSpaces(in: bytes)
        let start = position
        var value: UInt64 = 0
        while position < bytes.count {
            let digit = bytes[position] &- 48
            guard digit < 10 else { break }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
            guard !overflow, !carry else { return nil }
            value = sum
            position += 1
        }
        return position > start ? value : nil
    }

    /// At most `digits` hexadecimal digits (16 fit); nil where there is none.
    @inline(__always)
    public mutating func hexadecimal(digits: Int, in bytes: Span<UInt8>) -> UInt64? {
        let end = min(bytes.count, position + digits)
        let start = position
        var value: UInt64 = 0
        while position < end, let digit = bytes[position].hexadecimalDigit {
            value = value << 4 | UInt64(digit)
            position += 1
        }
        return position > start ? value : nil
    }
}

extension UInt8 {
    /// The value of an ASCII hexadecimal digit; nil for any other byte.
    @inline(__always)
    public var hexadecimalDigit: UInt8? {
        switch self {
        case 48...57: self - 48
        case 65...70: self - 55
        case 97...102: self - 87
        default: nil
        }
    }
}

extension Span<UInt8> {
    /// Where `byte` stands first, at or after `start`.
    @inline(__always)
    public func position(of byte: UInt8, from start: Int = 0) -> Int? {
        var index = start
        while index < count {
            if self[index] == byte { return index }
            index += 1
        }
        return nil
    }

    /// Where `byte` stands last.
    public func lastPosition(of byte: UInt8) -> Int? {
        var index = count - 1
        while index >= 0 {
            if self[index] == byte { return index }
            index -= 1
        }
        return nil
    }

    /// Whether these bytes are the text's.
    public func equals(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { expected in
            for index in indices where unsafe self[index] != expected[index] { return false }
            return true
        }
    }

    /// These bytes as text; what is no UTF-8 becomes U+FFFD.
    public var text: String {
        unsafe withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }
}
