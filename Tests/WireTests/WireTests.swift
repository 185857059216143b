import Testing
import Values

@testable import Wire

/// Answers as the manager's code gives them, as its documents promise them, and as networks ruin them.
@Suite struct StatusAnswerTests {
    static let now = WallTime(seconds: 1_800_000_000)
    static let pem = #"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"#
    static let key = #"-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n"#

    static func parse(
        _ status: Int, _ body: String = "", _ fields: [(name: String, value: String)] = []
    ) -> StatusAnswer {
        .parse(status: status, fields: AnswerFields(fields), body: Array(body.utf8), now: now)
    }

    static func bundle(without missing: String = "", status: String? = "approved", key: String = key) -> String {
        let members = [
            ("status", status), ("ca_crt", pem), ("ca_chain", ""), ("server_crt", pem), ("server_key", key),
            ("crl_pem", ""),
        ]
        let text = members.compactMap { name, value in value.map { (name, $0) } }.filter { $0.0 != missing }
            .map { "\"\($0.0)\":\"\($0.1)\"" }.joined(separator: ",")
        return "{\(text)}"
    }

    @Test func `both dialects are understood`() {
        #expect(Self.parse(200, #"{"status":"pending"}"#) == .pending(retryAfter: nil))
        #expect(Self.parse(202) == .pending(retryAfter: nil))
        #expect(Self.parse(200, #"{"status":"denied"}"#) == .denied)
        #expect(Self.parse(403, #"{"error":{"code":"ENROLLMENT_DENIED"}}"#) == .denied)
        #expect(Self.parse(200, #"{"status":"notfound"}"#) == .notFound)
        #expect(Self.parse(404, #"{"error":{"code":"ENROLLMENT_EXPIRED"}}"#) == .notFound)
        #expect(Self.parse(410) == .notFound)
        #expect(Self.parse(409) == .conflict)
        #expect(Self.parse(302) == .redirect)
    }

    @Test(arguments: ["approved", nil])
    func `a bundle is read with and without its tag`(status: String?) throws {
        guard case .approved(let bundle) = Self.parse(200, Self.bundle(status: status)) else {
            Issue.record("no bundle")
            return
        }
        #expect(bundle.list == nil)
        #expect(bundle.key?.starts(with: Array("-----BEGIN PRIVATE".utf8)) == true)
        #expect(!"\(bundle)\(String(reflecting: bundle))".contains("BEGIN"))
    }

    @Test func `a bundle for the host's own key comes without one`() {
        guard case .approved(let bundle) = Self.parse(200, Self.bundle(without: "server_key")) else {
            Issue.record("no bundle")
            return
        }
        #expect(bundle.key == nil)
    }

    @Test(arguments: ["ca_crt", "server_crt"])
    func `a bundle that lacks a certificate is named, not taken`(missing: String) {
        #expect(Self.parse(200, Self.bundle(without: missing)) == .malformed("approved, but without '\(missing)'"))
    }

    @Test func `what is not PEM is not taken for a key`() {
        #expect(
            Self.parse(200, Self.bundle(key: "hunter2")) == .malformed("approved, but 'server_key' is not PEM"))
    }

    @Test(arguments: [
        "", "null", "[]", "{}", "42", "\"pending\"", #"{"status":1}"#, #"{"status":null}"#, #"{"status":"pend"#,
        #"{"status":"perhaps"}"#, #"{"status":"approved","ca_crt":["x"]}"#, "<html>502</html>", "\u{0}\u{1}\u{2}",
        String(repeating: "[", count: 100_000), #"{"a":"# + String(repeating: "{\"a\":", count: 64),
    ])
    func `garbage is named as such`(body: String) {
        guard case .malformed(let reason) = Self.parse(200, body) else {
            Issue.record("taken for an answer: \(body.prefix(40))")
            return
        }
        #expect(!reason.isEmpty)
        #expect(reason == reason.harmless(limit: 300))
    }

    @Test func `every cut of a good answer is either malformed or whole`() {
        let whole = Array(Self.bundle().utf8)
        for count in 0..<whole.count {
            let answer = StatusAnswer.parse(
                status: 200, fields: AnswerFields(), body: Array(whole[..<count]), now: Self.now)
            guard case .malformed = answer else {
                Issue.record("cut at \(count): \(answer)")
                return
            }
        }
    }

    @Test func `an answer larger than any that makes sense is refused`() {
        let body = #"{"status":"pending","x":""# + String(repeating: "x", count: 300_000) + "\"}"
        #expect(Self.parse(200, body) == .malformed("an answer of more than 256 KiB"))
    }

    @Test(arguments: [403, 404])
    func `a proxy's page does not kill a token`(status: Int) {
        #expect(Self.parse(status, " <!doctype html>") == .malformed("status \(status) with a web page"))
    }

    @Test func `Retry-After is read in both forms, and nonsense is none`() {
        func wait(_ text: String, date: String? = nil) -> Interval? {
            let fields = [("retry-after", text)] + (date.map { [("Date", $0)] } ?? [])
            guard
                case .limited(let wait) = Self.parse(429, "Too Many Requests", fields.map { (name: $0.0, value: $0.1) })
            else { return nil }
            return wait
        }
        #expect(wait("12") == .seconds(12))
        #expect(wait(" 0 ") == .seconds(0))
        #expect(wait("99999999999999999999999") == .seconds(9_999_999_999))
        #expect(wait("Fri, 15 Jan 2027 08:01:30 GMT", date: "Fri, 15 Jan 2027 08:00:00 GMT") == .seconds(90))
        #expect(wait("Fri, 15 Jan 2027 08:01:00 GMT") == .seconds(60))
        #expect(wait("Fri, 15 Jan 2027 07:00:00 GMT") == .seconds(0))
        for text in ["-1", "soon", "", "1e9", "Fri, 45 Jan 2027 08:01:00 GMT"] { #expect(wait(text) == nil) }
    }
}

@Suite struct RegistrationAnswerTests {
    static func parse(_ status: Int, _ body: String) -> RegistrationAnswer {
        .parse(status: status, fields: AnswerFields(), body: Array(body.utf8), now: StatusAnswerTests.now)
    }

    @Test func `a token is taken, and shows itself nowhere`() throws {
        let secret = String(repeating: "aB3", count: 21) + "x"
        guard case .registered(let token) = Self.parse(202, "{\"polling_token\":\"\(secret)\"}") else {
            Issue.record("no token")
            return
        }
        #expect(token.secret == secret)
        #expect(!"\(token) \(String(reflecting: token)) \(RegistrationAnswer.registered(token))".contains(secret))
    }

    @Test(arguments: ["../../admin", "a/b", "a b", "", "..", "a\r\nHost: x", String(repeating: "a", count: 513)])
    func `a token that would lead elsewhere is refused`(text: String) {
        #expect(PollingToken(text) == nil)
    }

    @Test func `a lost token or a cloned machine is told apart from other faults`() {
        #expect(Self.parse(500, #"{"error":"Database error"}"#) == .duplicate)
        #expect(
            Self.parse(500, #"{"error":{"code":"X","message":"boom"}}"#)
                == .fault(status: 500, words: ": X: boom", retryAfter: nil))
        #expect(Self.parse(409, "") == .conflict(words: ""))
        #expect(Self.parse(422, "missing field `fqdn`") == .rejected(status: 422, words: ": missing field `fqdn`"))
        #expect(Self.parse(202, "{}") == .malformed("no 'polling_token' in it"))
    }
}

@Suite struct EnrollRequestTests {
    @Test func `the manager finds the fields that it requires`() {
        var details = OSDetails()
        details.distro = "Debian GNU/Linux"
        details.osVersion = "12"
        let request = EnrollRequest(
            machineID: "abc", fqdn: "web1.example.org", address: "192.0.2.7", details: details, csr: "a\nb")
        #expect(
            String(decoding: request.json, as: UTF8.self)
                == #"{"csr":"a\nb","fqdn":"web1.example.org","ip_address":"192.0.2.7","machine_id":"abc","#
                + #""os_details":{"distro":"Debian GNU/Linux","os_version":"12"}}"#)
    }
}

@Suite struct EnvelopeTests {
    static let id = "f81d4fae-7dec-41d0-a765-00a0c91e6bf6"

    @Test func `a success has all five keys, and null for what is not known`() {
        var writer = JSONWriter()
        var health = HealthData(status: .degraded, uptime: .seconds(42), version: "1.2.0")
        health.crlStatus = "missing"
        health.reasons = ["a \"list\" is\nmissing"]
        Envelope.success(requestID: Self.id, at: WallTime(seconds: 1_800_000_000), into: &writer, data: health.write)
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == #"{"success":true,"request_id":"f81d4fae-7dec-41d0-a765-00a0c91e6bf6","#
                + #""timestamp":"2027-01-15T08:00:00.000000+00:00","data":{"status":"degraded","uptime_seconds":42,"#
                + #""version":"1.2.0","last_cache_update":null,"cache_status":null,"crl_status":"missing","#
                + #""crl_age_seconds":null,"crl_next_update":null,"gpg_key_status":null,"gpg_key_expires_at":null,"#
                + #""repo_config_synced":null,"repo_config_last_sync":null,"#
                + #""reasons":["a \"list\" is\u000amissing"]},"error":null}"#)
    }

    @Test func `a failure carries data null, which a manager insists on`() {
        var writer = JSONWriter()
        Envelope.failure(
            requestID: Self.id, at: WallTime(microseconds: 1_800_000_000_000_042),
            Envelope.Fault(code: "JOB_NOT_FOUND", message: "no such job", details: ["job_id": "7"]), into: &writer)
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == #"{"success":false,"request_id":"f81d4fae-7dec-41d0-a765-00a0c91e6bf6","#
                + #""timestamp":"2027-01-15T08:00:00.000042+00:00","data":null,"error":{"code":"JOB_NOT_FOUND","#
                + #""message":"no such job","details":{"job_id":"7"},"retryable":false}}"#)
    }

    @Test func `numbers at their ends and a writer used again`() {
        var writer = JSONWriter()
        writer.array { writer in
            writer.number(Int64.min)
            writer.number(UInt64.max)
            writer.number(0)
            writer.array { _ in }
            writer.object { _ in }
        }
        #expect(
            String(decoding: writer.bytes, as: UTF8.self) == "[-9223372036854775808,18446744073709551615,0,[],{}]")
        writer.reset()
        writer.string("\u{1}\u{7F}\\")
        #expect(String(decoding: writer.bytes, as: UTF8.self) == #""\u0001\u007f\\""#)
    }
}
