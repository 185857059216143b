import COpenSSL
import OpenSSL
import Values

/// A certificate that nobody has signed yet.
struct CertificateDraft: ~Copyable {
    private let draft: Handle
    private let profile: CertificateProfile

    /// `publicKey` is a DER SubjectPublicKeyInfo. The serial number is 16 random bytes, as the manager makes it.
    init(_ profile: CertificateProfile, for publicKey: [UInt8]) throws(OpenSSLError) {
        ErrorQueue.clear()
        let deed = "make a certificate"
        guard let draft = unsafe Handle(X509_new(), freeing: X509_free), unsafe X509_set_version(draft.pointer, 2) == 1
        else { throw OpenSSLError(deed) }
        let one = unsafe draft.pointer
        var serial = (0..<16).map { _ in UInt8.random(in: 0...255) }
        // Never 0 (§4.1.2.2).
        serial[15] |= 1
        guard unsafe co_set_serial(one, serial, Int32(serial.count)) == 1,
            unsafe co_set_validity(one, profile.notBefore.seconds, profile.notAfter.seconds) == 1
        else { throw OpenSSLError(deed) }
        let subject = unsafe X509_get_subject_name(one)
        if let organization = profile.organization {
            try unsafe Buffer.add(NID_organizationName, organization, to: subject)
        }
        try unsafe Buffer.add(NID_commonName, profile.commonName, to: subject)
        let parsed = unsafe publicKey.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            return unsafe d2i_PUBKEY(nil, &cursor, buffer.count)
        }
        guard let key = unsafe Handle(parsed, freeing: EVP_PKEY_free), unsafe X509_set_pubkey(one, key.pointer) == 1
        else { throw OpenSSLError(deed) }
        self.draft = draft
        self.profile = profile
    }

    /// Signed with a CA's key; without an issuer by itself.
    consuming func signed(by issuer: Certificate?, _ key: PrivateKey) throws(OpenSSLError) -> Certificate {
        let deed = "sign a certificate"
        let one = unsafe draft.pointer
        if let issuer {
            try unsafe issuer.withX509 { (authority) throws(OpenSSLError) in
                try unsafe sign(one, by: authority, key)
            }
        } else {
            try unsafe sign(one, by: one, key)
        }
        let der = unsafe Buffer.encoding { unsafe i2d_X509(one, $0) }
        guard !der.isEmpty else { throw OpenSSLError(deed) }
        return try Certificate(der: der)
    }

    private func sign(_ one: OpaquePointer, by authority: OpaquePointer, _ key: PrivateKey) throws(OpenSSLError) {
        let deed = "sign a certificate"
        guard unsafe X509_set_issuer_name(one, X509_get_subject_name(authority)) == 1 else {
            throw OpenSSLError(deed)
        }
        let extensions = try Extensions()
        if profile.isCA {
            try extensions.add(NID_basic_constraints, "critical,CA:TRUE")
            try extensions.add(NID_key_usage, "critical,keyCertSign,cRLSign")
        } else {
            try extensions.add(NID_basic_constraints, "critical,CA:FALSE")
            try extensions.add(NID_key_usage, "critical,digitalSignature")
        }
        switch profile.purpose {
        case .server where profile.hasExtendedKeyUsage: try extensions.add(NID_ext_key_usage, "serverAuth")
        case .client where profile.hasExtendedKeyUsage: try extensions.add(NID_ext_key_usage, "clientAuth")
        case .authority, .server, .client: break
        }
        try extensions.add(dnsNames: profile.dnsNames, addresses: profile.addresses)
        try unsafe extensions.add(NID_subject_key_identifier, "hash", issuer: authority, subject: one)
        // RFC 5280 §4.2.1.1 leaves it out of a certificate that signs itself.
        if unsafe one != authority {
            try unsafe extensions.add(NID_authority_key_identifier, "keyid", issuer: authority, subject: one)
        }
        for index in 0..<max(0, unsafe co_extensions_count(extensions.stack.pointer)) {
            let item = unsafe co_extensions_at(extensions.stack.pointer, index)
            guard unsafe X509_add_ext(one, item, -1) == 1 else { throw OpenSSLError(deed) }
        }
        let length = unsafe key.withKey { unsafe X509_sign(one, $0, EVP_sha256()) }
        guard length > 0 else { throw OpenSSLError(deed) }
    }
}
