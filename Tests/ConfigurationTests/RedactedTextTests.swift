import Configuration
import Testing

@Suite struct RedactedTextTests {
    private func redact(_ text: String) -> String {
        String(decoding: RedactedText(Array(text.utf8)).bytes, as: UTF8.self)
    }

    @Test(arguments: [
        ("polling_token: abc123\nport: 1\n", "polling_token: <redacted>\nport: 1\n"),
        ("a: {api_token: 'x y', b: 2}\n", "a: {api_token: <redacted>, b: 2}\n"),
        (
            "db:\n  Password:\n    - one\n    - two\nx: 1\n",
            "db:\n  Password:\n    - <redacted>\n    - <redacted>\nx: 1\n"
        ),
        ("secret: |\n  line one\n  line two\nx: 1\n", "secret: <redacted>\nx: 1\n"),
        ("shared: &t s3cr3tvalue\npolling_token: *t\n", "shared: <redacted>\npolling_token: *t\n"),
        ("polling_token: s3cr3tvalue\nnote: was s3cr3tvalue\n", "polling_token: <redacted>\nnote: was <redacted>\n"),
        (
            "# polling_token: old-one\nport: 1 # token = x\n",
            "# polling_token: <redacted>\nport: 1 # token = <redacted>\n"
        ),
        ("polling_token: \"\"\n", "polling_token: \"\"\n"),
        ("url: ftp://me:pw@host/x # http://you@there\n", "url: ftp://<redacted>@host/x # http://<redacted>@there\n"),
        ("größe: ü\npolling_token: ä\r\nx: ö\n", "größe: ü\npolling_token: <redacted>\r\nx: ö\n"),
        ("tokens_path: x\nserver_key: /etc/key.pem\n", "tokens_path: <redacted>\nserver_key: /etc/key.pem\n"),
    ])
    func `secrets go, everything else stays byte for byte`(text: String, expected: String) {
        #expect(redact(text) == expected)
    }

    @Test func `a private key goes wherever it stands`() {
        let key = "-----BEGIN EC PRIVATE KEY-----\n  c2VjcmV0\n  -----END EC PRIVATE KEY-----"
        let text = redact("note: |\n  \(key)\nport: 1\n")
        #expect(!text.contains("c2VjcmV0"))
        #expect(text.hasSuffix("port: 1\n"))
        #expect(!redact("a: [\n-----BEGIN PRIVATE KEY-----\nc2VjcmV0").contains("c2VjcmV0"))
    }

    @Test(arguments: [
        "a: [\npolling_token: s3cr3t\n", "a: [\npolling_token:\n   s3cr3t\n",
        "a: [\npolling_token:\n- s3cr3t\n- s3cr3t\n", "a: [\n  polling_token: \"s3cr3t\nmore s3cr3t\"\n",
        "a: [\npolling_token s3cr3t\n", "a: {\n{\"polling_token\":\n\"s3cr3t\"\n",
        "a: [\npolling_token: |\n  x\n\n  s3cr3t\n", "\tPOLLING_TOKEN=s3cr3t\n",
        "a: [\nx: https://joe:s3cr3t@host\n", "a: [\r\n# token: s3cr3t\r\n",
    ])
    func `a file that does not parse fails closed`(text: String) {
        let redacted = RedactedText(Array(text.utf8))
        #expect(!String(decoding: redacted.bytes, as: UTF8.self).contains("s3cr3t"))
        #expect(!redacted.redactions.isEmpty)
    }

    @Test func `of a file that is no text nothing is kept`() {
        let wide = Array("polling_token: s3cr3t\n".utf8).flatMap { (byte: UInt8) -> [UInt8] in [byte, 0] }
        #expect(String(decoding: RedactedText(wide).bytes, as: UTF8.self) == "<redacted>\n")
        #expect(String(decoding: RedactedText([0xFF, 0xFE]).bytes, as: UTF8.self) == "<redacted>\n")
    }

    @Test func `a file without secrets is untouched`() {
        let text = "server:\n  port: 12443\n  bind: \"::\"\n"
        #expect(redact(text) == text)
        #expect(RedactedText(Array(text.utf8)).redactions.isEmpty)
    }
}
