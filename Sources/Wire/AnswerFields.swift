public import Values

/// The header fields of an answer; names are compared without case (RFC 9110 §5.1).
public struct AnswerFields: Hashable, Sendable {
    private let fields: [Field]

    private struct Field: Hashable, Sendable {
        let name: String
        let value: String
    }

    public init(_ fields: [(name: String, value: String)] = []) {
        self.fields = fields.map { Field(name: $0.name.lowercased(), value: $0.value) }
    }

    /// The first one of that name.
    public subscript(name: String) -> String? {
        let name = name.lowercased()
        return fields.first { $0.name == name }?.value
    }

    /// When the manager says that it answered (RFC 9110 §6.6.1).
    public var date: WallTime? { self["date"].flatMap(WallTime.init(httpDate:)) }

    /// How long to wait, counted from the answer (RFC 9110 §10.2.3): seconds, or a time by the manager's own clock
    /// where it tells that, else by ours. Hostile as anything from there: the caller clamps it.
    public func retryAfter(now: WallTime) -> Interval? {
        guard let text = self["retry-after"]?.trimmingSpaces, !text.isEmpty, text.utf8.count <= 64 else { return nil }
        if text.utf8.allSatisfy({ (48...57).contains($0) }) {
            // More digits than that are more than a human life.
            return text.utf8.count <= 10 ? Int64(text).map { .seconds($0) } : .seconds(9_999_999_999)
        }
        return WallTime(httpDate: text).map { max(.seconds(0), $0 - (date ?? now)) }
    }
}

extension String {
    /// Without the spaces and tabs around it.
    var trimmingSpaces: String {
        var rest = Substring(self)
        while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        return String(rest)
    }
}

extension WallTime {
    /// Reads the one form of HTTP's date that may still be sent (RFC 9110 §5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
    public init?(httpDate text: String) {
        let parts = text.trimmingSpaces.split(separator: " ", omittingEmptySubsequences: false)
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard parts.count == 6, parts[0].utf8.count == 4, parts[0].last == ",", parts[5] == "GMT",
            parts[1].utf8.count == 2, parts[3].utf8.count == 4, parts[4].utf8.count == 8,
            let month = months.firstIndex(of: String(parts[2]))
        else { return nil }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        self.init(rfc3339: "\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z")
    }
}
