import Evidence
import Testing

@Suite struct SignatureTests {
    @Test(arguments: [
        (
            "Failed to bind to 0.0.0.0:12443: Address already in use (os error 98)",
            "Failed to bind to <addr>: Address already in use (os error <n>)"
        ),
        ("listen tcp [::]:12443: bind: address already in use", "listen tcp <addr>: bind: address already in use"),
        ("peer fe80::1c2a:7 refused", "peer <addr> refused"),
        ("2026-05-28T15:59:32.123456Z ERROR agent: gone", "ERROR agent: gone"),
        ("2026/05/28 15:59:32 main.go:17: gone", "main.go:<n>: gone"),
        ("since May 28 15:59:32 no answer", "since <time> no answer"),
        ("expired at 2026-05-28 15:59:32+02:00.", "expired at <time>."),
        ("\u{1B}[31mERROR\u{1B}[0m \u{1B}]0;title\u{07}x", "ERROR x"),
        ("job 550e8400-e29b-41d4-a716-446655440000 at 0x7ffd3a0 of 9f8b2c1d4e", "job <id> at <id> of <id>"),
        ("certificate not found: /etc/pki/node7/ca-2026.pem", "certificate not found: /etc/pki/node7/ca-2026.pem"),
        ("cannot read certs/2026/ca.pem, line 12", "cannot read certs/2026/ca.pem, line <n>"),
        ("cert-2026.pem is older than 01-base.conf", "cert-2026.pem is older than 01-base.conf"),
        ("TLSv1.3 with x25519 and sha256 refused", "TLSv1.3 with x25519 and sha256 refused"),
        ("took 250ms, 1.5s or 12% of 1,024", "took <n>ms, <n>s or <n>% of <n>"),
        ("worker-12[1218] exited with status=101", "worker-<n>[<n>] exited with status=<n>"),
        (
            "std::io::Error at https://manager.example.com:8443/api/v1",
            "std::io::Error at https://manager.example.com:<n>/api/v1"
        ),
        ("attempt 3/5 in /srv/a1", "attempt <n>/<n> in /srv/a1"),
        ("  two\t\tblanks  ", "two blanks"),
        ("größe 7 überschritten", "größe <n> überschritten"),
        ("", ""),
    ])
    func `what differs from time to time is taken out, and names stay`(line: String, signature: String) {
        #expect(Signature.of(line) == signature)
    }

    @Test func `a signature is bounded and stays text`() {
        let signature = Signature.of(String(repeating: "ä-", count: 5000))
        #expect(signature.utf8.count <= 240)
        #expect(!signature.contains("\u{FFFD}"))
    }

    @Test func `no bytes make it fail`() {
        var generator = SystemRandomNumberGenerator()
        var signature = Signature()
        for _ in 0..<2000 {
            let pieces = ["[", "::", "1", "f", "/", ".", "-", "\u{1B}", "20", "T", "é", "0x", " ", "May "]
            let line = (0..<20).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            signature.read(Array(line.utf8.dropLast(Int.random(in: 0...1, using: &generator))))
            #expect(signature.bytes.count <= 260, "\(line)")
        }
    }
}
