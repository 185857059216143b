import Evidence
import Values

/// The certificate and the private key do not belong together.
struct CertKeyMismatchRule: Rule {
    let about = RuleInfo(
        "cert-key-mismatch", .certificates,
        title: "Certificate and private key do not match",
        meaning:
            "The public key in the server's certificate is not the private key's: the two come from different pairs.",
        clearedBy: "The certificate's public key is the private key's other half.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        guard let tls = try host.tls(needing: .certificate, .key), let certificate = tls[.certificate],
            let key = tls[.key]
        else { return .notApplicable }
        let facts = [
            certificate.file.fact(
                "public key \(certificate.certificates.first?.publicKeyFingerprint.short ?? "none")"
            ),
            key.file.fact("public key \(key.key?.publicKeyFingerprint?.short ?? "unknown")"),
        ]
        if try tls.keyMatches.required { return .pass("certificate and private key belong together", facts) }
        return .fail([
            Fault(
                certificate.path, "The private key \(key.path) is not the one of the certificate \(certificate.path).",
                .blocks(.certificates), facts: facts)
        ])
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? { epoch.accuses(.certKeyMismatch) }
}
