import Linux
import TestKit
import Testing
import Values

@testable import Serving

/// Real hand-shakes with the real `openssl`.
@Suite struct HandshakeTests {
    static let good = "client-only"

    @Test func `a client with a certificate of the CA is served, without SNI and by HTTP 1.1`() async throws {
        let stage = try await Stage(TLSHolder(TestJudge().material()))
        let said = try Client.ask(
            stage.port, "-tls1_3 -noservername -alpn h2,http/1.1 \(Client.showing(Self.good, key: "ec"))")
        #expect(said.contains("HTTP/1.1 200 OK"))
        #expect(said.contains("ALPN protocol: http/1.1"))
        #expect(said.contains("Verify return code: 0 (ok)"))
        #expect(said.contains("Patch CA"), "the CA's name is told, so that clients find the right certificate")
        #expect(stage.refusals.all.isEmpty)
    }

    @Test func `no certificate is refused with an alert that says so`() async throws {
        let stage = try await Stage(TLSHolder(TestJudge().material()))
        let said = try Client.ask(stage.port, "-tls1_3")
        #expect(said.contains("SSL alert number 116"))
        #expect(!said.contains("HTTP/1.1"))
        #expect(await stage.refusal { $0 == .handshake("peer did not return a certificate") })
    }

    @Test(
        arguments: [
            ("foreign", nil, "certificate signature failure"), ("expired", nil, "outside its dates"),
            ("future", nil, "outside its dates"), ("revoked", nil, "revoked"),
        ] as [(String, String?, String)])
    func `a certificate that the judge refuses ends the hand-shake with an alert`(
        name: String, key: String?, reason: String
    ) async throws {
        let stage = try await Stage(TLSHolder(TestJudge(revoking: "crl-revoking.pem").material()))
        let said = try Client.ask(stage.port, "-tls1_3 \(Client.showing(name, key: key))")
        #expect(said.contains(/SSL alert number \d+/), "\(said)")
        #expect(!said.contains("HTTP/1.1"))
        #expect(await stage.refusal { if case .client = $0 { true } else { false } })
        #expect(stage.refusals.all.first?.description.contains(reason) == true, "\(stage.refusals.all)")
        #expect(await stage.connections(0))
    }

    @Test func `TLS 1_2 is refused unless it was asked for`() async throws {
        let stage = try await Stage(TLSHolder(TestJudge().material()))
        let said = try Client.ask(stage.port, "-tls1_2 \(Client.showing(Self.good, key: "ec"))")
        #expect(said.contains("alert protocol version"))
        #expect(!said.contains("HTTP/1.1"))
        let old = try await Stage(
            TLSHolder(
                TLSMaterial(
                    certificateChainPEM: TestCertificates.bytes("ec.pem"), keyPEM: TestCertificates.bytes("ec.key"),
                    allowsTLS12: true, verify: nil)))
        #expect(try Client.ask(old.port, "-tls1_2").contains("HTTP/1.1 200 OK"))
        #expect(try Client.ask(old.port, "-tls1_3").contains("HTTP/1.1 200 OK"))
    }

    @Test func `a session that comes back after its client was revoked is not served`() async throws {
        let judge = try TestJudge()
        let stage = try await Stage(TLSHolder(judge.material()))
        let directory = try TemporaryDirectory()
        let client = try "-tls1_3 \(Client.showing("revoked"))"
        #expect(try Client.ask(stage.port, client + " -sess_out \(directory.path)/session").contains("200 OK"))
        let again = try Client.ask(stage.port, client + " -sess_in \(directory.path)/session")
        #expect(again.contains("Reused, TLSv1.3") && again.contains("200 OK"))
        try judge.use("crl-revoking.pem")
        let refused = try Client.ask(stage.port, client + " -sess_in \(directory.path)/session")
        #expect(!refused.contains("HTTP/1.1"))
        #expect(await stage.refusal { $0 == .client("revoked") })
    }

    @Test func `a chain with an intermediate is judged whole, in a resumed session too`() async throws {
        let stage = try await Stage(TLSHolder(TestJudge().material()))
        let directory = try TemporaryDirectory()
        let client = try
            "-tls1_3 \(Client.showing("chain", key: "chained")) -cert_chain \(TestCertificates.path("chain.pem"))"
        #expect(try Client.ask(stage.port, client + " -sess_out \(directory.path)/session").contains("200 OK"))
        let again = try Client.ask(stage.port, client + " -sess_in \(directory.path)/session")
        #expect(again.contains("Reused, TLSv1.3") && again.contains("200 OK"))
    }

    @Test func `new certificates are served while clients come and go, and nobody notices`() async throws {
        let judge = try TestJudge()
        let holder = TLSHolder(try judge.material("ec"))
        let stage = try await Stage(holder)
        let client = try NearClient(showing: "ec")
        let port = try stage.port
        try await withThrowingTaskGroup(of: String.self) { group in
            for index in 0..<200 {
                if index >= 8 { #expect(try await group.next()?.contains("200 OK") == true) }
                holder.swap(try judge.material(index % 2 == 0 ? "rsa" : "ec"))
                group.addTask { try await client.ask(port) }
            }
            for try await answer in group { #expect(answer.contains("200 OK")) }
        }
        #expect(stage.refusals.all.isEmpty)
        holder.swap(try judge.material("rsa"))
        let said = try Client.ask(port, "-tls1_3 \(Client.showing(Self.good, key: "ec"))")
        #expect(said.contains("Server Temp Key") && said.contains("RSA-PSS"))
    }

    @Test func `without an identity the port is held and connections are closed`() async throws {
        let holder = TLSHolder()
        let stage = try await Stage(holder)
        #expect(try stage.say(get("/")).isEmpty)
        #expect(await stage.refusal { $0 == .noIdentity })
        holder.swap(try TestJudge().material())
        #expect(try Client.ask(stage.port, Client.showing(Self.good, key: "ec")).contains("200 OK"))
    }

    @Test func `who connects and goes is no news, who speaks plain HTTP is`() async throws {
        let stage = try await Stage(TLSHolder(TestJudge().material()))
        for _ in 0..<3 { _ = try stage.connect() }
        #expect(await stage.connections(0))
        #expect(stage.refusals.all.isEmpty)
        #expect(!(try stage.say(get("/")).contains("HTTP/1.1 2")))
        #expect(await stage.refusal { $0 == .handshake("http request") })
    }

    @Test func `a silent client is closed in its hand-shake`() async throws {
        var limits = ServerLimits()
        limits.firstRequest = Interval(microseconds: 50_000)
        let stage = try await Stage(TLSHolder(TestJudge().material()), limits: limits)
        let connection = try stage.connect()
        #expect(connection.rest().utf8.count < 64)
        #expect(await stage.refusal { $0 == .slow })
        #expect(await stage.connections(0))
    }

    @Test func `a connection of a client that was revoked meanwhile ends, the others stay`() async throws {
        let judge = try TestJudge()
        let holder = TLSHolder(try judge.material())
        let stage = try await Stage(holder)
        let directory = try TemporaryDirectory()
        func hold(_ name: String) throws -> ChildProcess {
            let options = try Client.showing(name)
            return try ChildProcess([
                "sh", "-c",
                "(printf 'GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n'; exec sleep 30) | timeout 30 openssl s_client -quiet "
                    + "-connect 127.0.0.1:\(try stage.port) \(options) > \(directory.path)/\(name) 2>&1",
            ])
        }
        let bad = try hold("revoked")
        let good = try hold("ec")
        #expect(await stage.connections(2))
        while try !answered(directory, "revoked") || !answered(directory, "ec") { await Task.yield() }
        try judge.use("crl-revoking.pem")
        holder.swap(try judge.material())
        stage.server.review()
        #expect(await stage.refusal { $0 == .client("revoked") })
        #expect(await stage.connections(1))
        _ = (bad, good)
    }

    @Test func `who came in while the judge was replaced is asked about once more`() async throws {
        let holder = TLSHolder()
        func material(_ verify: @escaping TLSMaterial.Verify) throws -> TLSMaterial {
            try TLSMaterial(
                certificateChainPEM: TestCertificates.bytes("ec.pem"), keyPEM: TestCertificates.bytes("ec.key"),
                clientAnchorsPEM: TestCertificates.bytes("root.pem"), verify: verify)
        }
        let newest = try material { _ in .refused(reason: "revoked") }
        holder.swap(
            try material { _ in
                holder.swap(newest)
                return .accepted
            })
        let stage = try await Stage(holder)
        stage.server.review()
        #expect(!(try Client.ask(try stage.port, Client.showing("ec")).contains("200 OK")))
        #expect(await stage.refusal { $0 == .client("revoked") })
        #expect(await stage.connections(0))
    }

    private func answered(_ directory: TemporaryDirectory, _ name: String) throws -> Bool {
        String(decoding: (try? directory.read(name)) ?? [], as: UTF8.self).contains("200 OK")
    }

    @Test func `a key of another certificate is refused with the reason, and without the key`() throws {
        let error = #expect(throws: TLSMaterialError.self) {
            try TLSMaterial(
                certificateChainPEM: TestCertificates.bytes("ec.pem"), keyPEM: TestCertificates.bytes("chained.key"),
                verify: nil)
        }
        #expect(error?.description == "cannot use certificate and key: they do not belong together")
        for bad in ["garbage.pem", "empty.pem", "cut.pem"] {
            #expect(throws: TLSMaterialError.self) {
                try TLSMaterial(
                    certificateChainPEM: TestCertificates.bytes(bad), keyPEM: TestCertificates.bytes("ec.key"),
                    verify: nil)
            }
        }
    }
}
