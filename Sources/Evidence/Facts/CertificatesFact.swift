public import Values

/// The agent's certificate files and what the one judge says of them together.
public struct CertificatesFact: Hashable, Sendable, Codable {
    public var files: [CertificateFile]
    /// Whether the certificate's public key is the private key's other half.
    public var keyMatches: Reading<Bool>
    /// The chain from the server's certificate to the CA file, dates left aside.
    public var chain: Reading<ChainJudgement>
    /// Whether the server's certificate may be used by a TLS server (RFC 5280 §4.2.1.12 and §4.2.1.3).
    public var serverPurpose: Reading<Bool>
    /// Whether the server's certificate is on the revocation list.
    public var revoked: Reading<Bool>
    /// Whether the revocation list's signature is the CA's.
    public var crlSignatureValid: Reading<Bool>
    /// Names and addresses of this host that the certificate could be asked for.
    public var hostNames: [String]
    /// Those of them that the certificate covers.
    public var coveredNames: [String]
    /// Temporary or backup files in the certificate directory, by path.
    public var leftovers: [FileFact]

    public init(files: [CertificateFile]) {
        self.files = files
        func notYet<Value>(_ what: String) -> Reading<Value> {
            .missing(Absence(what, .notLookedFor, why: "a file that it needs is missing or unreadable"))
        }
        keyMatches = notYet("match of certificate and key")
        chain = notYet("chain of the certificate")
        serverPurpose = notYet("purpose of the certificate")
        revoked = notYet("revocation of the certificate")
        crlSignatureValid = notYet("signature of the revocation list")
        hostNames = []
        coveredNames = []
        leftovers = []
    }

    public subscript(role: CertificateFile.Role) -> CertificateFile? { files.first { $0.role == role } }
}

/// One of the files that the agent needs for TLS.
public struct CertificateFile: Hashable, Sendable, Codable {
    public enum Role: String, Hashable, Sendable, Codable, CaseIterable {
        case ca, certificate, key, crl

        /// As a sentence names it.
        public var words: String {
            switch self {
            case .ca: "CA certificate"
            case .certificate: "server certificate"
            case .key: "private key"
            case .crl: "certificate revocation list"
            }
        }
    }

    public var role: Role
    public var path: String
    /// The file on disk; missing where a directory on the way may not be searched.
    public var file: Reading<FileFact>
    /// Whether the user that the service runs as can read it, and if not, which part of the path says no.
    public var readableByService: Reading<Bool>
    public var blockedAt: String?
    /// Why its content was not looked at although the file is there: then nothing below says anything of it.
    public var unread: Absence?
    /// Why its content can't be used, in OpenSSL's or our words; nil where it could be parsed.
    public var parseError: String?
    /// The certificates in it, first one first; empty for keys and lists.
    public var certificates: [X509Fact] = []
    public var key: KeyFact?
    public var crl: CRLFact?

    public init(role: Role, path: String, file: Reading<FileFact>, readableByService: Reading<Bool>) {
        self.role = role
        self.path = path
        self.file = file
        self.readableByService = readableByService
    }

    /// Whether it exists, as far as that could be seen.
    public var exists: Bool? { file.known?.exists }
}

/// An X.509 certificate (RFC 5280), as much of it as a judgement needs.
public struct X509Fact: Hashable, Sendable, Codable {
    public var subject: String
    public var issuer: String
    /// Hexadecimal.
    public var serial: String
    public var notBefore: WallTime
    public var notAfter: WallTime
    /// `DNS:host`, `IP:10.0.0.1` …, as in the subject alternative name.
    public var names: [String]
    public var isCA: Bool
    public var keyUsage: [String]
    public var extendedKeyUsage: [String]
    public var keyAlgorithm: String
    public var keyBits: Int
    /// Of the DER encoding.
    public var fingerprint: Digest
    /// Of the DER SubjectPublicKeyInfo: equal for a certificate and its key.
    public var publicKeyFingerprint: Digest

    public init(
        subject: String, issuer: String, serial: String, notBefore: WallTime, notAfter: WallTime, names: [String],
        isCA: Bool, keyUsage: [String], extendedKeyUsage: [String], keyAlgorithm: String, keyBits: Int,
        fingerprint: Digest, publicKeyFingerprint: Digest
    ) {
        self.subject = subject
        self.issuer = issuer
        self.serial = serial
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.names = names
        self.isCA = isCA
        self.keyUsage = keyUsage
        self.extendedKeyUsage = extendedKeyUsage
        self.keyAlgorithm = keyAlgorithm
        self.keyBits = keyBits
        self.fingerprint = fingerprint
        self.publicKeyFingerprint = publicKeyFingerprint
    }
}

/// What may be known of a private key: nothing but its kind and its public half.
public struct KeyFact: Hashable, Sendable, Codable {
    public var algorithm: String
    public var bits: Int
    public var encrypted: Bool
    /// nil where the key is encrypted.
    public var publicKeyFingerprint: Digest?

    public init(algorithm: String, bits: Int, encrypted: Bool, publicKeyFingerprint: Digest?) {
        self.algorithm = algorithm
        self.bits = bits
        self.encrypted = encrypted
        self.publicKeyFingerprint = publicKeyFingerprint
    }
}

/// A certificate revocation list (RFC 5280 §5).
public struct CRLFact: Hashable, Sendable, Codable {
    public var issuer: String
    public var thisUpdate: WallTime
    public var nextUpdate: WallTime?
    public var revokedCount: Int

    public init(issuer: String, thisUpdate: WallTime, nextUpdate: WallTime?, revokedCount: Int) {
        self.issuer = issuer
        self.thisUpdate = thisUpdate
        self.nextUpdate = nextUpdate
        self.revokedCount = revokedCount
    }
}

/// The answer of X509_verify_cert(3), dates left aside.
public struct ChainJudgement: Hashable, Sendable, Codable {
    public var trusted: Bool
    /// `X509_V_ERR_…` as a number; 0 where trusted.
    public var code: Int
    /// OpenSSL's words for it.
    public var reason: String
    /// The certificate that it is about.
    public var subject: String
    /// The fingerprint of the CA file's certificate that the chain ends in; nil where not trusted.
    public var anchor: Digest?

    public init(trusted: Bool, code: Int, reason: String, subject: String, anchor: Digest? = nil) {
        self.trusted = trusted
        self.code = code
        self.reason = reason
        self.subject = subject
        self.anchor = anchor
    }
}

/// What the running agent shows to a TLS client.
public struct ServedCertificateFact: Hashable, Sendable, Codable {
    public var address: String
    /// Whether the handshake reached the server's certificate; false with the reason in `failure`.
    public var handshake: Bool
    public var failure: String?
    public var protocolVersion: String?
    public var certificate: X509Fact?

    public init(
        address: String, handshake: Bool, failure: String? = nil, protocolVersion: String? = nil,
        certificate: X509Fact? = nil
    ) {
        self.address = address
        self.handshake = handshake
        self.failure = failure
        self.protocolVersion = protocolVersion
        self.certificate = certificate
    }
}
