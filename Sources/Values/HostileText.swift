extension String {
    /// This text made harmless and bounded for a terminal, a log or a document: C0 and C1 controls, DEL, line and
    /// paragraph separators and bidirectional controls become visible escapes, and what is longer than `limit`
    /// characters ends in an ellipsis.
    public func harmless(limit: Int = 512) -> String {
        var result = ""
        var count = 0
        for scalar in unicodeScalars {
            guard count < limit else { return result + "…" }
            count += 1
            if scalar.isControlling {
                result += "\\u{" + String(scalar.value, radix: 16) + "}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension Unicode.Scalar {
    /// Whether this scalar can move the cursor, reorder text or break a line rather than show as a glyph.
    fileprivate var isControlling: Bool {
        switch value {
        case 0x00...0x1F, 0x7F...0x9F, 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x2069, 0xFEFF: true
        default: false
        }
    }
}
