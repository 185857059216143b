import Values

/// A path of a file inside a bundle: relative, printable ASCII, without `.` and `..`.
struct BundlePath: Hashable, Sendable, Comparable {
    let text: String

    /// Accepts exactly what a bundle may hold; nil for anything else.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        guard isPlain, text.utf8.count <= BundleLimits.pathLength, parts.count <= BundleLimits.depth,
            parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." && $0.utf8.count <= 255 })
        else { return nil }
        self.text = text
    }

    /// Where a raw item is kept. A name from the host that no bundle may hold is made one: bytes outside printable
    /// ASCII are percent-encoded, parts that lead elsewhere are dropped, what is too long is cut.
    init(raw name: String) {
        var parts: [String] = []
        for part in name.split(separator: "/") where part != "." && part != ".." {
            var plain = ""
            for byte in part.utf8 where plain.utf8.count < 200 {
                if (0x20...0x7E).contains(byte) {
                    plain.unicodeScalars.append(Unicode.Scalar(byte))
                } else {
                    plain += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
                }
            }
            parts.append(plain)
        }
        if parts.isEmpty { parts = ["unnamed"] }
        let kept = ([BundleLayout.raw] + parts.prefix(BundleLimits.depth - 2)).joined(separator: "/")
        text = kept.utf8.count <= BundleLimits.pathLength - 16 ? kept : BundleLayout.raw + "/long-name"
    }

    /// The same path with a number behind it, for the second item of one name.
    func numbered(_ number: Int) -> BundlePath { BundlePath(trusted: "\(text)~\(number)") }

    private init(trusted text: String) { self.text = text }

    var parts: [String] { text.split(separator: "/").map(String.init) }

    /// Every directory on the way to it, outermost first.
    var directories: [String] {
        let parts = parts
        return (1..<max(1, parts.count)).map { parts[..<$0].joined(separator: "/") }
    }

    static func < (left: BundlePath, right: BundlePath) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
}

extension BundlePath: Codable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let path = BundlePath(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "'\(text.harmless(limit: 80))' is no path inside a bundle")
        }
        self = path
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
