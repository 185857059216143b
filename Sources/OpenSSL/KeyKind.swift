import COpenSSL

/// What kind a key is, public or private.
struct KeyKind {
    var algorithm: String
    var bits: Int

    /// An EVP_PKEY; `unknown` where OpenSSL cannot use the key.
    init(_ key: OpaquePointer?) {
        guard let key = unsafe key, let name = unsafe EVP_PKEY_get0_type_name(key) else {
            algorithm = "unknown"
            bits = 0
            return
        }
        let text = unsafe String(cString: name)
        algorithm = ["ED25519": "Ed25519", "ED448": "Ed448"][text] ?? text
        bits = unsafe max(0, Int(EVP_PKEY_get_bits(key)))
    }
}
