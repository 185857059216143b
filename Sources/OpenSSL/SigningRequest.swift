import COpenSSL
public import Values

/// A request for a certificate (PKCS #10, RFC 2986): who asks, for which key, under which names.
public enum SigningRequest {
    /// A request for a TLS server's certificate, in PEM, signed with the key. The common name is cut at 64 characters;
    /// `dnsNames` and `addresses` are what a peer verifies.
    public static func pem(
        for key: PrivateKey, commonName: String, dnsNames: [String], addresses: [IPAddress]
    ) throws(OpenSSLError) -> [UInt8] {
        ErrorQueue.clear()
        let deed = "make a signing request"
        guard let request = unsafe Handle(X509_REQ_new(), freeing: X509_REQ_free),
            let writer = unsafe Handle(BIO_new(BIO_s_mem()), freeing: BIO_free_all),
            unsafe X509_REQ_set_version(request.pointer, 0) == 1
        else { throw OpenSSLError(deed) }
        try unsafe Buffer.add(NID_commonName, commonName, to: X509_REQ_get_subject_name(request.pointer))
        let extensions = try Extensions()
        try extensions.add(NID_key_usage, "critical,digitalSignature")
        try extensions.add(NID_ext_key_usage, "serverAuth")
        try extensions.add(dnsNames: dnsNames, addresses: addresses)
        let target = unsafe request.pointer
        let signed = unsafe key.withKey { pointer in
            unsafe X509_REQ_set_pubkey(target, pointer) == 1
                && X509_REQ_add_extensions(target, extensions.stack.pointer) == 1
                && X509_REQ_sign(target, pointer, EVP_sha256()) > 0
        }
        guard signed, unsafe PEM_write_bio_X509_REQ(writer.pointer, request.pointer) == 1 else {
            throw OpenSSLError(deed)
        }
        return unsafe Buffer.content(of: writer.pointer)
    }

    /// The DER SubjectPublicKeyInfo of a request in PEM whose signature proves that who made it has the private key.
    public static func publicKey(of request: [UInt8]) throws(OpenSSLError) -> [UInt8] {
        ErrorQueue.clear()
        let deed = "read the signing request"
        guard request.count <= 1 << 16 else { throw OpenSSLError(deed, reason: "it is longer than 64 KiB") }
        let read = try unsafe Buffer.withReader(over: request) { (reader) throws(OpenSSLError) in
            let parsed = unsafe PEM_read_bio_X509_REQ(reader, nil, nil, nil)
            guard let handle = unsafe Handle(parsed, freeing: X509_REQ_free),
                let key = unsafe X509_REQ_get0_pubkey(handle.pointer)
            else { throw OpenSSLError(deed) }
            guard unsafe X509_REQ_verify(handle.pointer, key) == 1 else {
                throw OpenSSLError(deed, reason: "its signature is not by the key that it is for")
            }
            return unsafe Buffer.encoding { unsafe i2d_PUBKEY(key, $0) }
        }
        guard let read, !read.isEmpty else { throw OpenSSLError(deed) }
        return read
    }
}
