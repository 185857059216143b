/// A private key in DER, recognised by how its ASN.1 begins.
enum DERKey {
    /// What kind of key `content` is, or nil where it does not begin like one.
    static func kind(of content: [UInt8]) -> String? {
        guard var rest = inside(content.prefix(64)) else { return nil }
        if rest.starts(with: [0x02, 0x01]), rest.count > 4 {
            let version = rest[rest.startIndex + 2]
            rest = rest.dropFirst(3)
            switch (version, rest.first) {
            // PrivateKeyInfo (RFC 5958): version, then the algorithm as a sequence that begins with an OID.
            case (0...1, 0x30): return inside(rest)?.first == 0x06 ? "private key (PKCS #8)" : nil
            // RSAPrivateKey (RFC 8017): version, then the modulus.
            case (0...1, 0x02) where rest.count > 2 && rest[rest.startIndex + 1] >= 0x81: return "RSA private key"
            // ECPrivateKey (RFC 5915): version 1, then the key as an octet string.
            case (1, 0x04): return "EC private key"
            // PFX (RFC 7292): version 3, then a content that is a sequence with an OID.
            case (3, 0x30): return inside(rest)?.first == 0x06 ? "PKCS #12 store" : nil
            default: return nil
            }
        }
        // EncryptedPrivateKeyInfo: PBES (1.2.840.113549.1.5) or PKCS #12 ciphers (1.2.840.113549.1.12).
        guard let algorithm = inside(rest), algorithm.first == 0x06 else { return nil }
        let identifier = algorithm.dropFirst(2)
        let isEncryption = [5, 12].contains { (last: UInt8) in
            identifier.starts(with: [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, last])
        }
        return isEncryption ? "encrypted private key" : nil
    }

    /// The content of the sequence that `bytes` begins with, as far as it is there.
    private static func inside(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard bytes.first == 0x30, let length = bytes.dropFirst().first else { return nil }
        return bytes.dropFirst(length < 0x80 ? 2 : 2 + Int(length & 0x7F))
    }
}
