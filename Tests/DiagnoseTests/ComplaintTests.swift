@testable import Diagnose
import Testing

@Suite struct ComplaintTests {
    /// Lines as libc, Rust, Go, OpenSSL, libyaml and the agent write them.
    static let lines: [(String, Complaint?)] = [
        ("Error: Failed to bind to 0.0.0.0:12443: Address already in use (os error 98)", .portInUse),
        ("listen tcp :12443: bind: address already in use", .portInUse),
        ("nginx: [emerg] bind() to 0.0.0.0:12443 failed (98: Address already in use)", .portInUse),
        ("Failed to bind to 10.9.9.9:12443: Cannot assign requested address (os error 99)", .addressUnavailable),
        ("listen tcp 10.9.9.9:443: bind: cannot assign requested address", .addressUnavailable),
        ("Failed to bind to [::]:12443: Address family not supported by protocol (os error 97)", .addressUnavailable),
        ("Failed to bind to 0.0.0.0:443: Permission denied (os error 13)", .bindRefused),
        ("listen tcp :443: bind: permission denied", .bindRefused),
        ("Failed to bind mount /proc: Permission denied", nil),
        ("error: port 12443 is held by 'nginx -c /etc/x.yaml' (pid 7, cgroup /system.slice/nginx.service)", .portInUse),
        ("error: nobody listens on port 12443 now: it was let go meanwhile, or is bound elsewhere", .portInUse),
        ("error: cannot listen on 0.0.0.0:12443: address already in use", .portInUse),
        ("error: cannot use the configuration '/etc/x/config.yaml': line 3: tls.ca_cert is missing", .configInvalid),
        ("error: cannot use the configuration '/etc/x/config.yaml': it does not exist", .configMissing),
        ("error: cannot use the configuration '/etc/x/config.yaml': permission denied", .configUnreadable),
        ("warning: not serving: Missing: [/etc/x/ca.pem]", .certMissing),
        ("warning: not serving: not there: /etc/x/ca.pem, /etc/x/server.pem", .certMissing),
        ("warning: not serving: '/etc/x/server.pem' expired on 2026-05-01 00:00:00 UTC", .certExpired),
        ("warning: not serving: '/etc/x/server.pem' is valid only from 2027-05-01 00:00:00 UTC", .certNotYetValid),
        ("warning: not serving: '/etc/x/server.pem' is damaged: no start line", .certUnparsable),
        ("warning: not serving: the private key is not the certificate's", .certKeyMismatch),
        ("not there: /etc/x/ca.pem: enrolling by itself", .certMissing),
        ("Listening on 0.0.0.0:12443 (mTLS enabled)", nil),
        ("TLS CA certificate not found: /etc/linux_patch_api/certs/ca.pem", .certMissing),
        ("Failed to load configuration: TLS CA certificate not found: /etc/x/ca.pem", .certMissing),
        ("Certs Missing: [/etc/x/ca.pem, /etc/x/server.pem]. No enrollment URL configured.", .certMissing),
        ("Certs Missing: [/etc/x/ca.pem]. Auto-enrolling with https://manager.example", .certMissing),
        ("open /etc/x/server.pem: no such file or directory", .certMissing),
        ("cannot load certificate \"/x/c.pem\": BIO_new_file() failed (SSL: No such file or directory)", .certMissing),
        ("failed to open private key /etc/x/server.key: Permission denied (os error 13)", .certUnreadable),
        ("Failed to load configuration: open /etc/x/server.key: permission denied", .certUnreadable),
        ("Certs Corrupt: /etc/x/server.pem (no certificates found)", .certUnparsable),
        ("cannot load certificate \"/x/c.pem\": PEM_read_bio_X509_AUX() failed (no start line)", .certUnparsable),
        ("tls: failed to find any PEM data in certificate input", .certUnparsable),
        ("Certs Expired: /etc/x/server.pem (not_after=2026-05-01T00:00:00Z)", .certExpired),
        ("invalid peer certificate: Expired", .certExpired),
        ("invalid peer certificate: CertificateExpired", .certExpired),
        ("certificate verify failed: certificate has expired", .certExpired),
        (
            "x509: certificate has expired or is not yet valid: current time 2026-05-28 is after 2026-05-01",
            .certExpired
        ),
        (
            "x509: certificate has expired or is not yet valid: current time 2022-07-01 is before 2022-09-01",
            .certNotYetValid
        ),
        ("verify error: certificate is not yet valid", .certNotYetValid),
        ("invalid peer certificate: NotValidYet", .certNotYetValid),
        ("keys may not be consistent: KeyMismatch", .certKeyMismatch),
        ("Certs KeyMismatch. No enrollment URL configured.", .certKeyMismatch),
        ("x509 certificate routines::key values mismatch", .certKeyMismatch),
        ("tls: private key does not match public key", .certKeyMismatch),
        ("Certs Untrusted. Auto-enrolling with https://manager.example", .certUntrusted),
        ("invalid peer certificate: UnknownIssuer", .certUntrusted),
        ("x509: certificate signed by unknown authority", .certUntrusted),
        ("verify error: unable to get local issuer certificate", .certUntrusted),
        ("server certificate is revoked", .certRevoked),
        ("verify error: unsuitable certificate purpose", .certWrongPurpose),
        ("invalid peer certificate: InvalidPurpose", .certWrongPurpose),
        ("invalid peer certificate: NotValidForName", .certNameMismatch),
        ("CRL not found: /etc/x/crl.pem", .crlMissing),
        ("CRL has expired", .crlExpired),
        ("CRL signature verification failed: invalid", .crlInvalid),
        ("config file /etc/linux_patch_api/config.yaml not found", .configMissing),
        ("Failed to load configuration: No such file or directory (os error 2)", .configMissing),
        ("cannot read /etc/linux_patch_api/config.yaml: Permission denied (os error 13)", .configUnreadable),
        ("Failed to load configuration: server: missing field `port` at line 2 column 3", .configInvalid),
        ("tls: missing field `ca_cert` at line 9 column 3", .configInvalid),
        ("did not find expected key at line 4 column 1, while parsing a block mapping", .configInvalid),
        ("invalid type: string \"many\", expected u16", .configInvalid),
        ("Failed to load configuration", .configInvalid),
        // Words about the manager, enrollment, or nothing of ours.
        ("error sending request for url (https://m.example): invalid peer certificate: UnknownIssuer", nil),
        ("Enrollment failed: manager certificate has expired", nil),
        ("Enrollment timed out after 24 hours (1440/1440 attempts)", nil),
        ("error while loading shared libraries: libssl.so.3: cannot open shared object file: No such file", nil),
        ("Main process exited, code=killed, status=9/KILL", nil),
        ("Certificates expiring soon - starting normally, consider re-enrollment", nil),
        ("", nil),
    ]

    @Test(arguments: lines)
    func `a line complains of one thing`(line: String, complaint: Complaint?) {
        #expect(Complaint(line) == complaint, "\(line)")
    }

    @Test(
        arguments: [
            ("Failed to bind to 0.0.0.0:12443: Address already in use", [12443]), ("listen tcp :443: bind", [443]),
            ("bind [::]:8080 failed", [8080]), ("at 12:30:55 something happened", []),
            ("*:9090 localhost:1", [9090, 1]),
            ("https://manager.example:8443 refused", []), ("0.0.0.0:99999", []),
        ] as [(String, [UInt16])])
    func `only addresses name a port`(line: String, ports: [UInt16]) {
        #expect(line.namedPorts == ports)
    }
}
