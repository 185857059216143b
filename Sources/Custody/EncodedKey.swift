/// A PEM private key wrapped in base64 once more, as in `client-key-data:` of a kubeconfig.
enum EncodedKey {
    /// base64 of `-----BEGIN`.
    private static let opening = BytePattern("LS0tLS1CRUdJTi")

    static func all(in content: [UInt8]) -> [SecretScan.Secret] {
        var found: [SecretScan.Secret] = []
        var place = 0
        while let hit = opening.first(in: content, from: place) {
            var end = hit
            while end < content.count, Base64.value(of: content[end]) != nil || content[end] == UInt8(ascii: "=") {
                end += 1
            }
            let head = Base64.decode(content[hit..<min(end, hit + 96)])
            if BytePattern("PRIVATE KEY").first(in: head) != nil {
                found.append(SecretScan.Secret(range: hit..<end, kind: "private key in base64"))
            }
            place = max(end, hit + opening.count)
        }
        return found
    }
}

/// RFC 4648 §4, as much as recognising needs.
enum Base64 {
    static func value(of byte: UInt8) -> UInt8? {
        switch byte {
        case 65...90: byte - 65
        case 97...122: byte - 71
        case 48...57: byte + 4
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }

    /// Whole groups of four; what is left over is dropped.
    static func decode(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var group: UInt32 = 0
        var count = 0
        for byte in text {
            guard let value = value(of: byte) else { break }
            group = group << 6 | UInt32(value)
            count += 1
            if count == 4 {
                result += [UInt8(group >> 16 & 255), UInt8(group >> 8 & 255), UInt8(group & 255)]
                group = 0
                count = 0
            }
        }
        return result
    }
}
