import COpenSSL

/// SHA-1, which protects nothing any more: for the accept key of RFC 6455 §4.2.2 alone, where it only shows that the
/// other side read the request.
public enum SHA1 {
    /// The digest in base64 (RFC 4648 §4): 28 characters.
    public static func base64(of text: String) -> String {
        var digest = [UInt8](repeating: 0, count: 20)
        let bytes = Array(text.utf8)
        guard unsafe EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha1(), nil) == 1 else { return "" }
        // Four characters for three bytes, and a NUL.
        var encoded = [UInt8](repeating: 0, count: 29)
        let count = unsafe EVP_EncodeBlock(&encoded, digest, Int32(digest.count))
        return String(decoding: encoded.prefix(Int(count)), as: UTF8.self)
    }
}
