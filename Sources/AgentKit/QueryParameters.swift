import Linux

/// The parameters behind a `?`, in their order, decoded once (RFC 3986 §2.1).
struct QueryParameters: Sequence {
    private let pairs: [(name: String, value: String?)]

    /// The value is nil where it can't be decoded.
    init(_ query: String?) {
        pairs = (query ?? "").split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), Percent.decoded(parts.count == 2 ? parts[1] : ""))
        }
    }

    func makeIterator() -> IndexingIterator<[(name: String, value: String?)]> { pairs.makeIterator() }
}

/// Percent-encoding (RFC 3986 §2.1).
enum Percent {
    /// Decoded once; nil for a broken escape or what is no UTF-8. A plus stands for itself: no name holds a space, and
    /// `g++` is one.
    static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst()?.hexadecimalDigit, let low = rest.popFirst()?.hexadecimalDigit else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
