import Configuration
import Evidence
import OpenSSL
import TestKit
import Trust
import Values
import YAML

/// Every parser that reads what a host holds: one line each.
enum FuzzRegistry {
    static func targets() throws -> [FuzzTarget] {
        let certificates = try seeds(
            "rsa.pem", "ec.pem", "ed25519.pem", "chain.pem", "ec.der", "unnamed.pem", "wildcard.pem")
        let keys = try seeds(
            "rsa.key", "rsa.pkcs1.key", "rsa.der.key", "ec.key", "ec.sec1.key", "ed25519.key", "encrypted.pkcs8.key",
            "encrypted.pkcs1.key", "encrypted.der.key")
        let lists = try seeds("crl.pem", "crl.der", "crl-revoking.pem")
        let ders = try seeds("ec.der", "crl.der", "rsa.der.key")
        return try [
            FuzzTarget(name: "pem", seeds: certificates + keys + lists) { _ = PEMBlock.all(in: $0) },
            FuzzTarget(name: "certificates", seeds: certificates, run: judge),
            FuzzTarget(name: "certificates-der", seeds: ders, run: judge),
            FuzzTarget(name: "revocation-lists", seeds: lists) { _ = try? RevocationList($0) },
            FuzzTarget(name: "private-keys", seeds: keys) { bytes in
                var bytes = bytes
                _ = try? KeyDescription(consuming: &bytes)
            },
            FuzzTarget(name: "tls-server", seeds: ders, run: answer),
            FuzzTarget(name: "yaml", seeds: yaml) { _ = try? Document($0) },
            FuzzTarget(name: "configuration", seeds: yaml) { _ = ConfigurationReader.judge($0) },
            FuzzTarget(name: "redaction", seeds: yaml + keys, run: redact),
        ] + ProcTargets.all()
    }

    private static func seeds(_ names: String...) throws -> [[UInt8]] {
        try names.map { try TestCertificates.bytes($0) }
    }

    /// What is parsed is also verified: the verifier's walk through extensions is a parser of its own.
    private static func judge(_ bytes: [UInt8]) {
        let bundle = CertificateBundle(bytes)
        guard let first = bundle.certificates.first else { return }
        _ = try? Chain(of: first, through: bundle.certificates, to: bundle.certificates)
        _ = X509Fact(first).covers("patched.example.test")
    }

    /// A server that sends anything.
    private static func answer(_ bytes: [UInt8]) {
        guard var glance = try? TLSGlance() else { return }
        _ = glance.advance(with: [])
        _ = glance.advance(with: [22, 3, 3, UInt8(bytes.count >> 8 & 63), UInt8(bytes.count & 255), 2] + bytes)
    }

    /// Whatever the file looks like, the secret behind its key is gone.
    private static func redact(_ bytes: [UInt8]) {
        let secret = "Zq7xW-needle"
        let redacted = RedactedText(bytes + Array("\npolling_token: \(secret)\n".utf8)).bytes
        precondition(!String(decoding: redacted, as: UTF8.self).contains(secret), "a secret was kept")
    }

    private static let yaml = [
        """
        server:
          port: 12443
          bind: "0.0.0.0"
        tls: {enabled: true, port: 1, ca_cert: /a, server_cert: '/b', server_key: "/c"}
        # polling_token: old
        enrollment:
          manager_url: https://joe:pw@manager.example.test/
          polling_token: |
            geheim
              ß
        """,
        "a: &x [1, *y, {b: c}]\n? key\n: - value\n  - !!str 12\n...\n---\n%TAG ! x\n",
        "- >-\n  folded\n\n  text\n- \"\\x41\\u00e4\\n\"\n",
    ].map { Array($0.utf8) }
}
