/// Secrets that are known by what stands before them: `polling_token: …`, `PASSWORD=…`, `scheme://user:…@host`.
enum NamedSecret {
    private static let names: [BytePattern] = [
        BytePattern("polling_token"), BytePattern("POLLING_TOKEN"), BytePattern("password"),
        BytePattern("PASSWORD"), BytePattern("passphrase"),
    ]
    private static let scheme = BytePattern("://")

    static func all(in content: [UInt8]) -> [SecretScan.Secret] {
        var found: [SecretScan.Secret] = []
        for name in names {
            var place = 0
            while let hit = name.first(in: content, from: place) {
                place = hit + name.count
                guard let value = value(after: place, in: content) else { continue }
                let word = String(decoding: content[hit..<place], as: UTF8.self).lowercased()
                found.append(SecretScan.Secret(range: value, kind: word))
                place = value.upperBound
            }
        }
        var place = 0
        while let hit = scheme.first(in: content, from: place) {
            place = hit + scheme.count
            guard let password = password(after: place, in: content) else { continue }
            found.append(SecretScan.Secret(range: password, kind: "password in a URL"))
            place = password.upperBound
        }
        return found
    }

    /// What follows a name, its quotes and a `:` or `=`.
    private static func value(after start: Int, in content: [UInt8]) -> Range<Int>? {
        var place = start
        func skip(_ bytes: StaticString) {
            let set = Array(bytes.description.utf8)
            while place < content.count, set.contains(content[place]) { place += 1 }
        }
        skip("\"'\\ \t")
        guard place < content.count, content[place] == UInt8(ascii: ":") || content[place] == UInt8(ascii: "=") else {
            return nil
        }
        place += 1
        skip("\"'\\ \t")
        let first = place
        while place < content.count, !endsValue(content[place]) { place += 1 }
        let value = content[first..<place]
        let isEmpty =
            value.isEmpty
            || ["null", "~", "[removed:", "[redacted]", "<redacted>"].contains { word in
                value.elementsEqual(word.utf8)
            }
        return isEmpty ? nil : first..<place
    }

    private static func endsValue(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: ",")
            || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "&")
    }

    /// The password in `user:password@host`; nil where the authority ends before an `@`.
    private static func password(after start: Int, in content: [UInt8]) -> Range<Int>? {
        var colon: Int?
        for place in start..<min(content.count, start + 512) {
            switch content[place] {
            case UInt8(ascii: "@"):
                guard let colon, place > colon + 1 else { return nil }
                return (colon + 1)..<place
            case UInt8(ascii: ":"): colon = colon ?? place
            case ...0x20, UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "\""),
                UInt8(ascii: "'"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\\"):
                return nil
            default: continue
            }
        }
        return nil
    }
}
