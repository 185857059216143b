import Evidence
import Values

/// What a failure's own words complain of: at most one of these, so that two rules never claim the same line.
///
/// The phrases are those of libc, Rust (std, anyhow, rustls, serde), Go, OpenSSL and libyaml, and of the agent itself:
/// before 1.2, and since.
enum Complaint: Hashable, Sendable {
    case portInUse, addressUnavailable, bindRefused
    case crlExpired, crlMissing, crlInvalid
    case certMissing, certUnreadable, certUnparsable, certExpired, certNotYetValid, certKeyMismatch, certUntrusted
    case certRevoked, certWrongPurpose, certNameMismatch
    case configMissing, configUnreadable, configInvalid
}

extension Complaint {
    /// The complaint of a log line; the first phrase that fits decides.
    init?(_ line: String) {
        let words = line.lowercased()
        guard let phrase = Self.phrases.first(where: { $0.fits(words) }) else { return nil }
        self = phrase.complaint
    }

    struct Phrase {
        var complaint: Complaint
        /// One of these must be there,
        var says: [String]
        /// one of these too, where there are any,
        var about: [String] = []
        /// and none of these.
        var not: [String] = []

        func fits(_ words: String) -> Bool {
            says.contains(where: words.contains) && (about.isEmpty || about.contains(where: words.contains))
                && !not.contains(where: words.contains)
        }
    }

    private static let absent = ["not found", "no such file", "does not exist", "missing", "os error 2)", "enoent"]
    private static let refused = ["permission denied", "os error 13", "eacces"]
    private static let certificate = [
        "certificate", "certs ", "cert:", "cert ", ".pem", ".crt", ".key", "private key", "x509", "keypair",
    ]
    private static let list = ["crl", "revocation list"]
    private static let configuration = ["config", ".yaml", ".yml"]
    /// Words of a conversation with the manager, whose certificate is not this host's.
    private static let manager = ["https://", "http://", "manager", "enroll", "error sending request", "dial tcp"]

    private static let phrases = agentsOwn + common

    private static let common = [
        Phrase(
            complaint: .portInUse,
            says: [
                "address already in use", "address in use", "eaddrinuse", "os error 98", "port is already allocated",
            ]
        ),
        Phrase(
            complaint: .addressUnavailable,
            says: [
                "cannot assign requested address", "can't assign requested address", "address not available",
                "eaddrnotavail", "os error 99", "address family not supported", "os error 97",
            ], about: ["bind", "listen"]),
        Phrase(complaint: .bindRefused, says: refused, about: ["bind", "listen tcp", "listening"], not: ["mount"]),
        Phrase(
            complaint: .configInvalid,
            says: [
                "missing field `", "invalid type:", "unknown field `", "unknown variant `", "invalid value:",
                "did not find expected", "mapping values are not allowed", "found character that cannot start",
                "could not find expected", "while parsing a ",
            ]),
        Phrase(complaint: .crlExpired, says: ["expired", "out of date", "stale"], about: list),
        Phrase(complaint: .crlMissing, says: absent, about: list),
        Phrase(
            complaint: .crlInvalid, says: ["invalid", "signature", "parse", "malformed", "corrupt", "unable to load"],
            about: list),
        // Statuses of the agent's own certificates, which may be followed by the manager's address.
        Phrase(complaint: .certMissing, says: ["certs missing", "certificates are missing"]),
        Phrase(complaint: .certUnparsable, says: ["certs corrupt", "certificates are corrupt"]),
        Phrase(complaint: .certExpired, says: ["certs expired", "certificates are expired"]),
        Phrase(complaint: .certKeyMismatch, says: ["certs keymismatch", "certificates are keymismatch"]),
        Phrase(complaint: .certUntrusted, says: ["certs untrusted", "certificates are untrusted"]),
        Phrase(
            complaint: .certKeyMismatch,
            says: [
                "keymismatch", "key mismatch", "key values mismatch", "keys may not be consistent",
                "does not match the private key", "does not match private key", "does not match public key",
            ], not: manager),
        Phrase(complaint: .certRevoked, says: ["revoked"], about: certificate, not: manager),
        // Go says "has expired or is not yet valid" for both, and then which one.
        Phrase(
            complaint: .certNotYetValid, says: ["is before"], about: ["expired or is not yet valid"], not: manager),
        Phrase(complaint: .certExpired, says: ["expired"], about: certificate, not: manager),
        Phrase(complaint: .certNotYetValid, says: ["not yet valid", "notvalidyet"], not: manager),
        Phrase(
            complaint: .certWrongPurpose,
            says: [
                "certificate purpose", "invalidpurpose", "incompatible key usage", "incompatible usage",
                "unsuitable certificate",
            ], not: manager),
        Phrase(
            complaint: .certNameMismatch,
            says: ["hostname mismatch", "ip address mismatch", "notvalidforname", "not valid for name"], not: manager),
        Phrase(
            complaint: .certUntrusted,
            says: [
                "untrusted", "unknownissuer", "unknown issuer", "unable to get local issuer", "self-signed certificate",
                "self signed certificate", "unknown authority", "certificate verify failed",
                "invalid peer certificate",
            ], not: manager),
        Phrase(complaint: .certUnreadable, says: refused, about: certificate, not: [".yaml", ".yml"]),
        Phrase(complaint: .certMissing, says: absent, about: certificate, not: manager),
        Phrase(
            complaint: .certUnparsable,
            says: [
                "corrupt", "no start line", "bad base64", "asn.1", "asn1", "bad decrypt", "malformed",
                "failed to parse",
                "unable to load", "could not parse", "no certificates found", "no private key", "invalid key",
                "failed to find any pem",
            ], about: certificate, not: manager),
        Phrase(complaint: .configMissing, says: absent, about: configuration, not: ["library", "shared object"]),
        Phrase(complaint: .configUnreadable, says: refused, about: configuration),
        Phrase(
            complaint: .configInvalid,
            says: ["failed to load configuration", "invalid config", "parse", "expected", "yaml:", "syntax"],
            about: configuration),
    ]
}
