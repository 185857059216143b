import Evidence
import Linux
import Observe
import TestKit
import Testing
import Values

/// A real `openssl s_server` that wants a client certificate.
private final class TLSServer {
    let port: Port
    private let process: ChildProcess

    init(_ certificate: String, _ options: [String]) throws {
        let directory = try TemporaryDirectory()
        let log = directory.path + "/log"
        // Port 0 lets the kernel choose one; s_server prints it.
        process = try ChildProcess(
            [
                "openssl", "s_server", "-accept", "127.0.0.1:0", "-Verify", "1", "-quiet", "-naccept", "5",
                "-cert", TestCertificates.path(certificate + ".pem"), "-key",
                TestCertificates.path(certificate + ".key"),
            ] + options, output: log)
        port = try ListeningPort.wait(ofProcess: process.pid)
    }
}

@Suite struct ServedCertificateProbeTests {
    /// `main` is the unit's main process, where the listener is held by pid 4711.
    private func look(
        at port: Port, _ address: String = "0.0.0.0", main: Int32 = 4711
    ) async -> (Reading<ServedCertificateFact>, [RawItem]) {
        var target = Target()
        target.port = port
        let (snapshot, raw) = await ServedCertificateProbe().observe(.live, target) { snapshot in
            var fact = PortFact(port: port)
            let holder = Holder(process: ProcessIdentity(pid: 4711, startTicks: 1), descriptor: 3)
            fact.listeners = [Listener(address: address, family: .ipv4, inode: 1, user: 0, holders: [holder])]
            let source = Source("test", time: WallTime(seconds: 0))
            snapshot.port = .value(fact, source)
            var unit = UnitLook(time: WallTime(seconds: 0), monotonic: 0)
            unit.mainPID = main
            snapshot.unit = .value(UnitFact(looks: [unit]), source)
        }
        return (snapshot.served, raw)
    }

    @Test func `a stranger on the port is not called, lest a connection start what lies behind it`() async throws {
        let (served, raw) = await look(at: .agent, main: 1)
        #expect(served.absence?.why.contains("nobody else is called") == true)
        #expect(raw.isEmpty)
    }

    @Test(arguments: [("ec", "-tls1_3", "TLSv1.3"), ("rsa", "-tls1_2", "TLSv1.2"), ("weak", "-tls1_3", "TLSv1.3")])
    func `the certificate is seen although the server wants one from us`(
        certificate: String, option: String, version: String
    ) async throws {
        let server = try TLSServer(certificate, [option, "-cipher", "DEFAULT@SECLEVEL=0"])
        let (served, raw) = await look(at: server.port)
        let fact = try served.required
        #expect(fact.handshake, "\(fact)")
        #expect(fact.protocolVersion == version)
        #expect(fact.address == "127.0.0.1:\(server.port)")
        #expect(try raw.first?.content == TestCertificates.bytes(certificate + ".pem"))
        #expect(fact.certificate?.subject.hasSuffix("CN=patched.example.test") == true)
    }

    @Test func `the connection is reset, so that neither end is left in TIME_WAIT`() async throws {
        let server = try PlainListener(answering: "no TLS here")
        _ = await look(at: server.port)
        // A test beside this one may fork and hold our end until its exec; TIME_WAIT would last for a minute.
        #expect(try ListeningPort.isClear(server.port))
    }

    @Test func `a listener that speaks no TLS is said to`() async throws {
        let server = try PlainListener(answering: "HTTP/1.1 400 Bad Request\r\n\r\n")
        let fact = try await look(at: server.port).0.required
        #expect(!fact.handshake)
        #expect(fact.failure == "wrong version number")
    }

    @Test func `where nobody listens nobody is asked`() async throws {
        let (snapshot, _) = await ServedCertificateProbe().observe(.live) { snapshot in
            snapshot.port = .value(PortFact(port: .agent), Source("test", time: WallTime(seconds: 0)))
        }
        #expect(snapshot.served.absence?.why == "nobody listens")
        let (offline, _) = await ServedCertificateProbe().observe(HostRoot("/nowhere"))
        #expect(offline.served.absence?.why == "this is not the running host")
    }
}
