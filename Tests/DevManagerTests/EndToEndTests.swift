import DevManager
import TestKit
import Testing
import Values

/// A real manager over TLS, with curl and openssl as the agent.
@Suite(.serialized) struct EndToEndTests {
    @Test func `an agent made of curl and openssl enrolls`() async throws {
        let bench = try await Bench()
        let token = try bench.register()
        #expect(try bench.poll(token) == ["status": "pending"])
        _ = try bench.manager.update { try $0.approve("web1", replace: false, at: .now) }
        let answer = try bench.poll(token)
        #expect(answer["status"] == "approved")
        try bench.directory.write("ca.pem", answer["ca_crt"] ?? "")
        try bench.directory.write("server.pem", answer["server_crt"] ?? "")
        try bench.directory.write("server.key.pem", answer["server_key"] ?? "")
        try bench.directory.write("crl.pem", answer["crl_pem"] ?? "")
        let verified = try bench.shell(
            "openssl verify -x509_strict -purpose sslserver -verify_ip 192.0.2.7 -CAfile ca.pem -crl_check "
                + "-CRLfile crl.pem server.pem && openssl verify -verify_hostname web1 -CAfile ca.pem server.pem")
        #expect(verified.status == 0, "\(verified.output)")
        let keys = try bench.shell(
            "openssl pkey -in server.key.pem -pubout >a && openssl x509 -in server.pem -noout -pubkey >b && cmp a b")
        #expect(keys.status == 0)
        #expect(try bench.poll(token) == ["status": "notfound"])
        await bench.manager.stop()
    }

    @Test func `the fingerprint that it shows is its certificate's`() async throws {
        let bench = try await Bench()
        let seen = try bench.shell(
            "openssl s_client -connect \(bench.manager.url.dropFirst(8)) </dev/null 2>/dev/null | openssl x509 -pubkey "
                + "-noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -hex")
        #expect(seen.output.contains(bench.manager.fingerprint.rawValue))
        await bench.manager.stop()
    }

    @Test func `a restart keeps requests, CA and fingerprint, and two managers never share a place`() async throws {
        let bench = try await Bench()
        let token = try bench.register()
        try bench.misbehave("crl:status=503")
        let state = bench.directory.path + "/state"
        await #expect(throws: StartFault.taken(state)) { try await Bench.start(state) }
        await bench.manager.stop()
        let next = try await Bench.start(state)
        #expect(next.fingerprint == bench.manager.fingerprint)
        #expect(next.authority == bench.manager.authority)
        let ledger = try next.update { $0.ledger }
        #expect(ledger.enrollments.map(\.fqdn) == ["web1"])
        #expect(ledger.misbehaviours.map(\.description) == ["crl:status=503"])
        let kept = try String(decoding: bench.directory.read("state/state.json"), as: UTF8.self)
        #expect(!kept.contains(token))
        await next.stop()
    }

    @Test func `a signing request is answered with a certificate for its key`() async throws {
        let bench = try await Bench { $0.rules.signsRequests = true }
        let made = try bench.shell(
            "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout own.key -subj /CN=x -out csr")
        #expect(made.status == 0, "\(made.output)")
        let request = try String(decoding: bench.directory.read("csr"), as: UTF8.self).replacing("\n", with: "\\n")
        try bench.directory.write("body", Scene.body("1", #","csr":"\#(request)""#))
        let answer = try bench.curl(
            "/api/v1/enroll", "-H", "content-type: application/json", "-d", "@" + bench.directory.path + "/body")
        let token = answer.output.split(separator: "\"").dropFirst(3).first.map(String.init) ?? ""
        _ = try bench.manager.update { try $0.approve("web1", replace: false, at: .now) }
        let bundle = try bench.poll(token)
        #expect(bundle["server_key"] == nil)
        try bench.directory.write("server.pem", bundle["server_crt"] ?? "")
        let keys = try bench.shell(
            "openssl pkey -in own.key -pubout >a && openssl x509 -in server.pem -noout -pubkey >b && cmp a b")
        #expect(keys.status == 0, "\(keys.output)")
        await bench.manager.stop()
    }

    @Test func `a revoked certificate is on the list that is served`() async throws {
        let bench = try await Bench()
        let issued = try bench.manager.update { try $0.issue(for: Applicant(fqdn: "web1", address: nil), at: .now) }
        _ = try bench.manager.update { try $0.revoke(issued.serial, at: .now) }
        try bench.directory.write("crl.pem", try bench.curl("/api/v1/pki/crl.pem").output)
        let text = try bench.shell("openssl crl -in crl.pem -noout -text")
        #expect(text.output.contains(issued.serial))
        await bench.manager.stop()
    }

    @Test(arguments: [
        ("close", 52), ("reset", 56), ("truncate", 18), ("hang", 28), ("slow-body", 28), ("garbage", 0), ("empty", 0),
        ("html", 0), ("status=503", 0), ("redirect", 0), ("huge", 63),
    ])
    func `each way of answering wrongly is seen as such`(words: String, curlStatus: Int32) async throws {
        let bench = try await Bench()
        try bench.misbehave("status:" + words)
        let answer = try bench.curl(
            "/api/v1/enroll/status/none", "--max-time", "1", "--max-filesize", "1000000", "-o", "/dev/null", "-w",
            "%{http_code}")
        #expect(answer.status == curlStatus, "\(answer.output)")
        let expected = ["status=503": "503", "redirect": "302"][words] ?? "200"
        if curlStatus == 0 { #expect(answer.output == expected) }
        #expect(try bench.curl("/api/v1/pki/crl.pem").status == 0, "only polls were to be spoilt")
        await bench.manager.stop()
    }

    @Test(arguments: ["tls=expired", "tls=other-ca", "tls=wrong-name"])
    func `its own certificate is wrong until it behaves again`(words: String) async throws {
        let bench = try await Bench()
        try bench.misbehave(words)
        // 60: the peer's certificate can't be verified.
        #expect(try bench.curl("/api/v1/pki/crl.pem").status == 60)
        try bench.misbehave("off")
        #expect(try bench.curl("/api/v1/pki/crl.pem").status == 0)
        await bench.manager.stop()
    }

    @Test func `agents can't administer it`() async throws {
        let bench = try await Bench()
        _ = try bench.register()
        let answer = try bench.curl("/api/v1/admin/enrollments/web1/approve", "-X", "POST", "-w", "%{http_code}")
        #expect(answer.output.hasSuffix("401"))
        #expect(try bench.manager.update { $0.ledger.hosts }.isEmpty)
        await bench.manager.stop()
    }

    @Test func `a wrong date is in the Date header`() async throws {
        let bench = try await Bench()
        try bench.misbehave("wrong-date=-315360000")
        let year = WallTime.now.rfc3339.prefix(3)
        let answer = try bench.curl("/api/v1/pki/crl.pem", "-D", "-", "-o", "/dev/null")
        let date = answer.output.split(separator: "\r\n").first { $0.hasPrefix("date:") }
        #expect(date?.contains(" \(year)") == false, "\(answer.output)")
        await bench.manager.stop()
    }
}
