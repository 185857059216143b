import COpenSSL
public import Values

/// SHA-256 (FIPS 180-4).
public enum SHA256 {
    public static func digest(of bytes: [UInt8]) -> Digest {
        var hasher = Hasher()
        hasher.update(bytes)
        return hasher.finish()
    }

    /// A digest of what arrives in pieces.
    @safe public struct Hasher: ~Copyable {
        private let context: OpaquePointer

        public init() {
            guard let context = unsafe EVP_MD_CTX_new(), unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
            else {
                // As with a Swift array that can't grow: the only cause is that memory has ended.
                preconditionFailure("OpenSSL has no memory for a digest")
            }
            unsafe self.context = context
        }

        deinit { unsafe EVP_MD_CTX_free(context) }

        public mutating func update(_ bytes: [UInt8]) { update(bytes[...]) }

        public mutating func update(_ bytes: ArraySlice<UInt8>) {
            _ = unsafe bytes.withUnsafeBytes { unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
        }

        public consuming func finish() -> Digest {
            var result = [UInt8](repeating: 0, count: 32)
            _ = unsafe EVP_DigestFinal_ex(context, &result, nil)
            return Digest(bytes: result)
        }
    }
}
