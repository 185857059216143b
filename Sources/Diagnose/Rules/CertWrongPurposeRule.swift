import Evidence
import Values

/// The server's certificate is not made for a server.
struct CertWrongPurposeRule: Rule {
    let about = RuleInfo(
        "cert-wrong-purpose", .certificates,
        title: "The certificate is not made for a TLS server",
        meaning: """
            The certificate's key usage or extended key usage leaves TLS servers out, or it is a CA's certificate: \
            clients refuse it. Often a client certificate was put in the server's place.
            """,
        clearedBy: "The certificate may be used by a TLS server.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        guard let tls = try host.tls(needing: .certificate), let file = tls[.certificate],
            let certificate = file.certificates.first
        else { return .notApplicable }
        let uses = (certificate.extendedKeyUsage + certificate.keyUsage).joined(separator: ", ").harmless(limit: 120)
        let facts = [
            file.file.fact("\(certificate.label): \(uses.isEmpty ? "no usage named" : uses), CA \(certificate.isCA)")
        ]
        if try tls.serverPurpose.required { return .pass("the certificate is made for a TLS server", facts) }
        return .fail([
            Fault(
                file.path,
                "The certificate \(file.path) is not made for a TLS server"
                    + (certificate.isCA ? ": it is a CA's." : uses.isEmpty ? "." : ", but for: \(uses)."),
                host.bearing(of: .certificate), facts: facts)
        ])
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? { epoch.accuses(.certWrongPurpose) }
}
