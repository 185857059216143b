import OpenSSL
import Values

/// Takes secrets out of everything before it is written: private keys (PEM, also behind base64, and DER), values of
/// `polling_token` and `password`, passwords in URLs.
///
/// It is the net below the probes, which keep no secrets to begin with, and it fails closed: a private key that
/// begins and does not end is taken to reach to the end of the item.
struct SecretScan: Sendable {
    /// Equal secrets get equal placeholders in one bundle; without the salt, which nobody keeps, none can be guessed.
    private let salt: [UInt8]

    init() {
        var random = SystemRandomNumberGenerator()
        salt = (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    struct Outcome: Hashable, Sendable {
        var content: [UInt8]
        /// What was taken out, in words and without the secret.
        var redactions: [String] = []
    }

    /// A secret's place, and what it is.
    struct Secret: Hashable {
        var range: Range<Int>
        var kind: String
    }

    func clean(_ content: [UInt8]) -> Outcome {
        if let kind = DERKey.kind(of: content) {
            return Outcome(
                content: Array(placeholder(for: kind, content[...]).utf8), redactions: ["\(kind), the whole item"])
        }
        let secrets = Self.secrets(in: content)
        guard !secrets.isEmpty else { return Outcome(content: content) }
        var outcome = Outcome(content: [])
        var kept = 0
        for secret in secrets {
            outcome.content += content[kept..<secret.range.lowerBound]
            outcome.content += placeholder(for: secret.kind, content[secret.range]).utf8
            outcome.redactions.append("\(secret.kind), \(secret.range.count) bytes")
            kept = secret.range.upperBound
        }
        outcome.content += content[kept...]
        return outcome
    }

    /// Never with a character that JSON or a shell would have to escape.
    func placeholder(for kind: String, _ secret: ArraySlice<UInt8>) -> String {
        "[removed: \(kind), \(secret.count) bytes, ref \(SHA256.digest(of: salt + secret).rawValue.prefix(8))]"
    }

    /// All secrets in the order of their places, without overlaps.
    static func secrets(in content: [UInt8]) -> [Secret] {
        let found = PrivateKeyBlock.all(in: content) + EncodedKey.all(in: content) + NamedSecret.all(in: content)
        var result: [Secret] = []
        for secret in found.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            if let last = result.last, secret.range.lowerBound < last.range.upperBound {
                let end = max(last.range.upperBound, secret.range.upperBound)
                result[result.count - 1].range = last.range.lowerBound..<end
            } else {
                result.append(secret)
            }
        }
        return result
    }
}
