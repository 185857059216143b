import Evidence
import Values

/// The CA has taken the server's certificate back.
struct CertRevokedRule: Rule {
    let about = RuleInfo(
        "cert-revoked", .certificates,
        title: "The certificate is revoked",
        meaning: "The server's certificate is on the CA's revocation list: whoever checks the list refuses it.",
        clearedBy: "The revocation list does not name the certificate.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        guard let tls = try host.tls(needing: .certificate, .crl), let certificate = tls[.certificate],
            let list = tls[.crl], let own = certificate.certificates.first
        else { return .notApplicable }
        let facts = [
            certificate.file.fact(own.label),
            list.file.fact("\(list.crl?.revokedCount ?? 0) revoked certificates"),
        ]
        guard try tls.revoked.required else { return .pass("the certificate is not on the revocation list", facts) }
        return .fail([
            Fault(
                certificate.path, "The certificate \(certificate.path) is on the revocation list \(list.path).",
                host.bearing(of: .certificate), facts: facts)
        ])
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? { epoch.accuses(.certRevoked) }
}
