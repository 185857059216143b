import Evidence
import Values

/// The server's certificate does not lead to the CA file.
struct CertUntrustedRule: Rule {
    let about = RuleInfo(
        "cert-untrusted", .certificates,
        title: "The certificate is not signed by the CA",
        meaning: """
            No chain of signatures leads from the server's certificate to the CA file, though the issuer's name may be \
            the CA's: the two often come from different managers or enrollments.
            """,
        clearedBy: "The certificate's chain ends in the CA file.")

    /// X509_V_ERR_… of what other rules judge: list (3, 8, 11, 12, 23), dates (9, 10), purpose (26), names (62, 64).
    private static let otherRules: Set<Int> = [3, 8, 9, 10, 11, 12, 23, 26, 62, 64]

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        guard let tls = try host.tls(needing: .ca, .certificate), let ca = tls[.ca],
            let certificate = tls[.certificate]
        else { return .notApplicable }
        let chain = try tls.chain.required
        let facts = [
            certificate.file.fact(
                "issuer \((certificate.certificates.first?.issuer ?? "none").harmless(limit: 96))"),
            ca.file.fact("\((ca.certificates.first?.subject ?? "none").harmless(limit: 96))"),
            tls.chain.fact("X509_verify_cert: \(chain.code) \(chain.reason.harmless(limit: 120))"),
        ]
        if chain.trusted { return .pass("the certificate is signed by the CA", facts) }
        if Self.otherRules.contains(chain.code) { return .notApplicable }
        return .fail([
            Fault(
                certificate.path,
                "The certificate \(certificate.path) does not lead to the CA \(ca.path): "
                    + "\(chain.reason.harmless(limit: 120)).",
                host.bearing(of: .certificate), facts: facts)
        ])
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? { epoch.accuses(.certUntrusted) }
}
