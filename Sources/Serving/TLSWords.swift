import NIOSSL
import Values

/// What BoringSSL's errors say, without its file names and numbers.
enum TLSWords {
    /// `certificate required`, `key values mismatch`; the error's own words where it has no such reason.
    static func reason(of error: any Error) -> String {
        let text = String(describing: error)
        guard let marker = text.lastRange(of: "OPENSSL_internal:") else { return text.harmless(limit: 200) }
        let words = text[marker.upperBound...].prefix { $0 != " " && $0 != "]" && $0 != ")" && $0 != ":" }
        return words.lowercased().replacing("_", with: " ").harmless(limit: 200)
    }
}

extension String {
    fileprivate func lastRange(of needle: String) -> Range<String.Index>? { ranges(of: needle).last }
}
