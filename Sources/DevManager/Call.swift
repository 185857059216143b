import Values

/// One HTTP request, whole.
struct Call: Sendable {
    var method: String
    /// Without the query, as it was sent.
    var path: String
    var query: String?
    var contentType: String?
    var body: [UInt8]
    var peer: IPAddress

    /// The path between slashes.
    var parts: [String] { path.split(separator: "/").map { Self.decoded($0) } }

    /// The path without a polling token, for the log.
    var loggedPath: String {
        let parts = parts
        let isStatus = parts.count == 5 && parts[..<4] == ["api", "v1", "enroll", "status"]
        return (isStatus ? "/api/v1/enroll/status/…" : path).harmless(limit: 120)
    }

    func queryHolds(_ word: String) -> Bool {
        query?.split(separator: "&").contains { $0 == word || $0 == word + "=true" } ?? false
    }

    /// Percent-decoded (RFC 3986 §2.1); what is no encoding stays as it is.
    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == UInt8(ascii: "%"), rest.count >= 2, let value = UInt8(digits, radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A word made safe for one part of a path.
    static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain =
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || "-._~:".utf8.contains(byte)
            return isPlain
                ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }
}

extension WallTime {
    /// The fixed-length form of RFC 9110 §5.6.7: `Sun, 06 Nov 1994 08:49:37 GMT`.
    var httpDate: String {
        let text = rfc3339
        let days = seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400
        // 1970-01-01 was a Thursday.
        let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][Int(((days % 7) + 7) % 7)]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let parts = text.prefix(10).split(separator: "-")
        let month = Int(parts[1]).map { months[$0 - 1] } ?? ""
        return "\(weekday), \(parts[2]) \(month) \(parts[0]) \(text.dropFirst(11).prefix(8)) GMT"
    }
}
