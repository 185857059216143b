/// A digest that names a key or a certificate, spelled `sha256:` and 64 hexadecimal digits.
public typealias Fingerprint = Digest

extension Digest {
    /// Reads a fingerprint as people copy it: with or without `sha256:` in front, in capitals or not, with colons
    /// between the bytes or without (`openssl x509 -fingerprint -sha256`); nil for anything else.
    public init?(fingerprint text: String) {
        guard text.utf8.count <= 128 else { return nil }
        var text = text.lowercased()
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        if text.hasPrefix("sha256:") { text.removeFirst(7) }
        if text.contains(":") {
            let pairs = text.split(separator: ":", omittingEmptySubsequences: false)
            guard pairs.count == 32, pairs.allSatisfy({ $0.utf8.count == 2 }) else { return nil }
            text = pairs.joined()
        }
        self.init(rawValue: text)
    }
}
