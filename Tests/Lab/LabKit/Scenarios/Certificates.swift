extension ScenarioBook {
    /// Each fault of the certificate files; where the old agent starts in spite of it, its clients are those who suffer.
    static let certificates: [Scenario] = [
        Scenario(
            "cert-missing", "no certificate was ever made",
            steps: [.package, .quickLoop, .loop("TLS CA certificate not found")],
            holds: [.waitsForRestart, .nobodyListens()],
            expect: [.root("cert-missing", subject: "echo /etc/linux_patch_api/certs/ca.pem"), .endlessLoop],
            mustNot: ["exit-code-loop", "cert-unparsable"], loops: true),
        Scenario(
            "cert-missing-key", "the private key alone is missing",
            steps: withCertificates("good") + [
                .shell("rm /etc/linux_patch_api/certs/server.key"), .loop("TLS server key not found"),
            ],
            holds: [.waitsForRestart],
            expect: [.root("cert-missing", subject: "echo /etc/linux_patch_api/certs/server.key"), .endlessLoop],
            loops: true),
        Scenario(
            "cert-unreadable", "the private key may not be read by the service's user",
            steps: withCertificates("good") + [
                .shell("chown nobody /etc/linux_patch_api/config.yaml && chmod 0755 /etc/linux_patch_api"),
                .dropIn("30-user", "[Service]\nUser=nobody"), .loop("Failed to load TLS server key"),
            ],
            holds: [.waitsForRestart, .logged("Permission denied")],
            expect: [.root("cert-unreadable", subject: "echo server.key"), .endlessLoop],
            mustNot: ["cert-missing", "cert-unparsable"], loops: true),
        Scenario(
            "cert-unparsable", "the server certificate is no certificate",
            steps: withCertificates("unparsable") + [.loop("Failed to load TLS server certificate")],
            holds: [.waitsForRestart],
            expect: [.root("cert-unparsable", subject: "echo server.pem"), .endlessLoop],
            mustNot: ["cert-missing"], loops: true),
        Scenario(
            "cert-unparsable-empty", "the server certificate is an empty file",
            steps: withCertificates("empty") + [.loop("Failed to load TLS server certificate")],
            holds: [.waitsForRestart],
            expect: [.root("cert-unparsable", subject: "echo server.pem"), .endlessLoop], loops: true),
        Scenario(
            "cert-unparsable-encrypted", "the private key is encrypted, and nobody is there to give its passphrase",
            steps: withCertificates("encrypted") + [.loop("Failed to load TLS server key")],
            holds: [.waitsForRestart],
            expect: [.root("cert-unparsable", subject: "echo server.key"), .endlessLoop],
            mustNot: ["cert-key-mismatch"], loops: true),
        Scenario(
            "cert-expired", "the server certificate has expired, and the agent refuses to start with it",
            steps: withCertificates("expired") + [.mode("strict"), .loop("TLS server certificate expired")],
            holds: [.waitsForRestart],
            expect: [.root("cert-expired", subject: "echo server.pem"), .endlessLoop],
            mustNot: ["cert-expiring-soon", "cert-not-yet-valid", "cert-untrusted"], loops: true),
        running(
            "cert-expired-served", "the agent serves an expired certificate", "expired",
            holds: .openssl("verify -CAfile ca.pem server.pem", says: "certificate has expired"),
            expect: [.root("cert-expired", subject: "echo server.pem")]),
        running(
            "cert-expired-ca", "the CA certificate has expired", "ca-expired",
            holds: .openssl("verify -CAfile ca.pem server.pem", says: "error 10 at 1 depth"),
            expect: [.root("cert-expired", subject: "echo ca.pem")]),
        running(
            "cert-not-yet-valid", "the server certificate is valid only from the day after tomorrow", "not-yet-valid",
            holds: .openssl("verify -CAfile ca.pem server.pem", says: "certificate is not yet valid"),
            expect: [.root("cert-not-yet-valid", subject: "echo server.pem")], mustNot: ["cert-expired"]),
        running(
            "cert-expiring-soon", "the server certificate expires in three days", "expiring-soon",
            holds: .openssl("x509 -noout -in server.pem -checkend 604800", says: "Certificate will expire"),
            expect: [.risk("cert-expiring-soon")], verdicts: ["healthy"], mustNot: ["cert-expired"]),
        Scenario(
            "cert-key-mismatch", "certificate and key are of different enrollments",
            steps: withCertificates("mismatched") + [.loop("KeyMismatch")],
            holds: [.waitsForRestart],
            expect: [.root("cert-key-mismatch"), .endlessLoop], mustNot: ["cert-unparsable"],
            tolerates: ["provisioning-left-half-done"], loops: true),
        running(
            "cert-untrusted", "the server certificate was signed by another CA of the same name", "untrusted",
            holds: .openssl("verify -CAfile ca.pem server.pem", says: "verification failed"),
            expect: [.root("cert-untrusted")]),
        running(
            "cert-revoked", "the server certificate is on the revocation list", "revoked", steps: [crlConfigured],
            holds: .openssl("verify -crl_check -CRLfile crl.pem -CAfile ca.pem server.pem", says: "revoked"),
            expect: [.root("cert-revoked")], mustNot: ["crl-missing", "crl-expired", "crl-invalid"]),
        running(
            "cert-wrong-purpose", "the server certificate is good for clients only", "wrong-purpose",
            holds: .openssl("verify -purpose sslserver -CAfile ca.pem server.pem", says: "purpose"),
            expect: [.root("cert-wrong-purpose")]),
        running(
            "cert-name-mismatch", "the server certificate names another host", "wrong-name",
            holds: .openssl("verify -verify_hostname lab -CAfile ca.pem server.pem", says: "ostname mismatch"),
            expect: [Expectation("cert-name-mismatch", roles: ["root", "risk"])], verdicts: ["healthy", "unhealthy"]),
        running(
            "key-exposed", "everybody on the host can read the private key", "good",
            steps: [.shell("chmod 0644 /etc/linux_patch_api/certs/server.key")],
            holds: Condition("nobody's eyes are barred", "runuser -u nobody cat /etc/linux_patch_api/certs/server.key"),
            expect: [.risk("key-exposed")], verdicts: ["healthy"]),
        running(
            "crl-missing", "the configured revocation list does not exist", "good", steps: [crlConfigured],
            holds: Condition("there is no list", "test ! -e /etc/linux_patch_api/certs/crl.pem"),
            expect: [.any("crl-missing")], verdicts: ["healthy", "unhealthy"]),
        running(
            "crl-expired", "the revocation list is out of date", "good",
            steps: [crlConfigured, crl("crl/expired.pem")],
            holds: .openssl("verify -crl_check -CRLfile crl.pem -CAfile ca.pem server.pem", says: "CRL has expired"),
            expect: [.any("crl-expired")], verdicts: ["healthy", "unhealthy"], mustNot: ["crl-invalid"]),
        running(
            "crl-invalid", "the revocation list is none", "good",
            steps: [
                crlConfigured, .write("/etc/linux_patch_api/certs/crl.pem", "<html>504 Gateway Time-out</html>\n"),
            ],
            holds: .openssl("crl -in crl.pem -noout", says: "nable to load CRL"),
            expect: [.any("crl-invalid")], verdicts: ["healthy", "unhealthy"], mustNot: ["crl-missing"]),
        running(
            "crl-invalid-signature", "the revocation list was signed by another CA of the same name", "good",
            steps: [crlConfigured, crl("crl/impostor.pem")],
            holds: .openssl(
                "verify -crl_check -CRLfile crl.pem -CAfile ca.pem server.pem", says: "CRL signature failure"),
            expect: [.any("crl-invalid")], verdicts: ["healthy", "unhealthy"]),
        running(
            "crl-current", "a current revocation list does no harm", "good",
            steps: [crlConfigured, crl("crl/current.pem")],
            holds: .openssl("verify -crl_check -CRLfile crl.pem -CAfile ca.pem server.pem", says: "OK"),
            expect: [], verdicts: ["healthy"],
            mustNot: ["crl-missing", "crl-expired", "crl-invalid", "cert-revoked"]),
        Scenario(
            "served-cert-stale", "the certificate was renewed on disk, the agent still serves the old one",
            steps: [.package, .certificates("good"), .startUnit, .wait(.serves), .certificates("renewed")],
            holds: [
                .active, .serves,
                Condition(
                    "what is served is not what is on disk",
                    """
                    served=$(openssl s_client -connect 127.0.0.1:12443 </dev/null 2>/dev/null |
                        openssl x509 -noout -serial)
                    test -n "$served" && test "$served" != \
                        "$(openssl x509 -noout -serial -in /etc/linux_patch_api/certs/server.pem)"
                    """),
            ],
            expect: [Expectation("served-cert-stale", roles: ["root", "contributing", "risk"])],
            mustNot: ["cert-key-mismatch"], tolerates: ["start-limit-ineffective"],
            verdicts: ["healthy", "unhealthy", "undetermined"]),
    ]

    private static func withCertificates(_ variant: String) -> [Step] {
        [.package, .quickLoop, .certificates(variant)]
    }

    /// The agent runs with these certificates, and serves.
    private static func running(
        _ id: String, _ name: String, _ variant: String, steps: [Step] = [], holds: Condition, expect: [Expectation],
        verdicts: Set<String> = ["unhealthy"], mustNot: Set<String> = []
    ) -> Scenario {
        Scenario(
            id, name, steps: [.package, .certificates(variant)] + steps + [.startUnit],
            holds: [.active, .serves, holds],
            expect: expect, mustNot: mustNot, tolerates: ["start-limit-ineffective"], verdicts: verdicts)
    }

    private static let crlConfigured = Step.configuration(
        ("\n\njobs:", "\n  crl_path: \"/etc/linux_patch_api/certs/crl.pem\"\n\njobs:"))

    private static func crl(_ file: String) -> Step {
        .shell("install -m 0644 \(LabFiles.certificatesInside)/\(file) /etc/linux_patch_api/certs/crl.pem")
    }
}
