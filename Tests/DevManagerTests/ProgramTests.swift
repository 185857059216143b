import DevManager
import TestKit
import Testing

/// The program as a person or a script runs it.
@Suite(.serialized) struct ProgramTests {
    private func program(_ bench: Bench, _ words: String) throws -> Bench.Outcome {
        try bench.shell("'\(try Bench.program)' \(words) --state state")
    }

    @Test func `list, approve, misbehave and revoke through the socket`() async throws {
        let bench = try await Bench()
        let token = try bench.register()
        #expect(try program(bench, "list").output.contains("web1 (192.0.2.7)"))
        let unknown = try program(bench, "approve web9")
        #expect(unknown.status == 1)
        #expect(unknown.output.hasPrefix("patch-manager-dev: error: no request 'web9' is waiting\n"))
        #expect(try program(bench, "misbehave status:garbage*1").status == 0)
        #expect(try program(bench, "list").output.contains("misbehaves: status:garbage*1"))
        #expect(try program(bench, "misbehave off").output == "patch-manager-dev: behaves\n")
        #expect(try program(bench, "misbehave status:garbag").status == 64)
        #expect(try program(bench, "approve web1").status == 0)
        #expect(try bench.poll(token)["status"] == "approved")
        _ = try bench.register("40")
        let collision = try program(bench, "approve web1")
        #expect(collision.status == 1)
        #expect(collision.output.contains("hint: approve with --replace"))
        #expect(try program(bench, "approve web1 --replace").status == 0)
        let serial = try bench.manager.update { $0.ledger.certificates.last?.serial ?? "" }
        #expect(try program(bench, "revoke \(serial)").output.contains("revoked \(serial)"))
        await bench.manager.stop()
        let gone = try program(bench, "list")
        #expect(gone.status == 1)
        #expect(gone.output.contains("no manager answers in 'state'"))
    }

    @Test func `an issued certificate is written, and nothing is overwritten`() async throws {
        let bench = try await Bench()
        #expect(try program(bench, "issue web2 --address 192.0.2.8 --directory out").status == 0)
        #expect(try bench.shell("openssl verify -CAfile out/ca.pem -verify_ip 192.0.2.8 out/server.pem").status == 0)
        #expect(try bench.shell("stat -c %a out/server.key.pem").output == "600\n")
        let again = try program(bench, "issue web2 --directory out")
        #expect(again.status == 1)
        #expect(again.output.contains("file exists"))
        await bench.manager.stop()
    }

    @Test func `it listens on loopback only, unless told otherwise`() async throws {
        let bench = try await Bench()
        let refused = try program(bench, "serve --listen 0.0.0.0:0")
        #expect(refused.status == 64)
        #expect(refused.output.contains("--not-only-loopback"))
        await bench.manager.stop()
    }

    @Test func `a ready PKI serves an agent that the manager's client accepts`() async throws {
        let bench = try await Bench()
        let directory = bench.directory.path
        #expect(try bench.shell("'\(try Bench.program)' pki --directory pki").status == 0)
        let body =
            #"{"success":true,"request_id":"f81d4fae-7dec-11d0-a765-00a0c91e6bf6","timestamp":"2026-11-23T20:00:00+00:00","#
            + #""data":{"status":"healthy","uptime_seconds":1,"version":"1.2.0"},"error":null}"#
        try bench.directory.write(
            "pki/api/v1/health", "HTTP/1.0 200 OK\r\ncontent-length: \(body.utf8.count)\r\n\r\n" + body)
        try bench.directory.write("pki/api/v1/plain", "HTTP/1.0 404 Not Found\r\ncontent-length: 2\r\n\r\n{}")
        let agent = try ChildProcess(
            [
                "sh", "-c",
                "cd '\(directory)/pki' && exec openssl s_server -HTTP -accept 127.0.0.1:0 -tls1_3 -cert server.pem -key "
                    + "server.key.pem -CAfile ca.pem -Verify 1 -verify_return_error",
            ], output: directory + "/agent.log")
        let port = try ListeningPort.wait(ofProcess: agent.pid)
        let dial = "'\(try Bench.program)' dial --state pki"
        let healthy = try bench.shell("\(dial) 127.0.0.1:\(port)")
        #expect(healthy.status == 0, "\(healthy.output)")
        #expect(healthy.output.contains(body))
        let plain = try bench.shell("\(dial) 127.0.0.1:\(port) --path /api/v1/plain")
        #expect(plain.status == 1)
        #expect(plain.output.contains("HTTP 404 without an envelope"))
        let misnamed = try bench.shell("\(dial) 127.0.0.2:\(port)")
        #expect(misnamed.status == 1)
        let anonymous = try bench.shell("\(dial) --anonymous 127.0.0.1:\(port)")
        #expect(anonymous.status == 1)
        let stranger = try bench.shell("'\(try Bench.program)' dial --state state 127.0.0.1:\(port)")
        #expect(stranger.status == 1)
        #expect(stranger.output.contains("error:"))
        await bench.manager.stop()
    }
}
