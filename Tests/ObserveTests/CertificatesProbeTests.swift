import Evidence
import Linux
import Observe
import TestKit
import Testing
import Values

@Suite struct CertificatesProbeTests {
    private static let configuration = """
        server: {port: 12443, bind: 0.0.0.0}
        tls:
          port: 12443
          ca_cert: /srv/pki/ca.pem
          server_cert: /srv/pki/agent.pem
          server_key: /srv/pki/agent.key
        jobs: {max_concurrent: 1, timeout_minutes: 30}
        logging: {}
        enrollment: {polling_token: 5ecret-t0ken}

        """

    private func host(configuration: String? = Self.configuration) throws -> TemporaryDirectory {
        let host = try TemporaryDirectory()
        if let configuration { try host.write("etc/linux_patch_api/config.yaml", configuration, mode: 0o640) }
        let place = configuration == nil ? "etc/linux_patch_api/certs/server" : "srv/pki/agent"
        let ca = configuration == nil ? "etc/linux_patch_api/certs/ca.pem" : "srv/pki/ca.pem"
        try host.write(ca, TestCertificates.bytes("root.pem"))
        try host.write(place + ".pem", TestCertificates.bytes("ec.pem"))
        try host.write(place + ".key", TestCertificates.bytes("ec.key"), mode: 0o600)
        try host.write("etc/hostname", "patched\n")
        try host.write("etc/hosts", "127.0.1.1 patched.example.test patched # this one\n")
        try host.write("etc/passwd", "agent:x:777:777::/:/bin/false\n")
        try host.write("etc/group", "agent:x:777:\n")
        return host
    }

    private func withUnit(user: String) -> (inout Snapshot) -> Void {
        { snapshot in
            var look = UnitLook(time: WallTime(seconds: 0), monotonic: 0)
            look.loadState = "loaded"
            look.user = user
            snapshot.unit = .value(UnitFact(looks: [look]), Source("test", time: WallTime(seconds: 0)))
            var port = PortFact(port: .agent)
            port.localAddresses = ["127.0.0.1", "192.0.2.10", "fe80::1", "::1"]
            snapshot.port = .value(port, Source("test", time: WallTime(seconds: 0)))
        }
    }

    @Test func `the configured files are judged for the service's user and this host's names`() async throws {
        let host = try host()
        let (snapshot, raw) = await CertificatesProbe().observe(HostRoot(host.path), after: withUnit(user: "agent"))
        let fact = try snapshot.certificates.required
        #expect(fact[.certificate]?.path == "/srv/pki/agent.pem")
        #expect(fact[.key]?.readableByService.known == false)
        #expect(fact[.ca]?.readableByService.known == true)
        #expect(fact.keyMatches.known == true)
        #expect(fact.hostNames == ["patched", "patched.example.test", "192.0.2.10"])
        #expect(fact.coveredNames == fact.hostNames)
        #expect(raw.map(\.path).sorted() == ["certs/ca.pem", "certs/key.txt", "certs/server.pem"])
        #expect(fact[.ca]?.file.source?.path == "raw/certs/ca.pem")
    }

    @Test func `without a configuration the default places are looked at`() async throws {
        let host = try host(configuration: nil)
        let (snapshot, _) = await CertificatesProbe().observe(HostRoot(host.path))
        let fact = try snapshot.certificates.required
        #expect(fact[.key]?.path == "/etc/linux_patch_api/certs/server.key")
        #expect(fact.chain.known?.trusted == true)
        #expect(fact[.crl]?.exists == false)
    }

    @Test func `an unknown user of the service leaves readability unknown`() async throws {
        let host = try host()
        let (snapshot, _) = await CertificatesProbe().observe(HostRoot(host.path))
        #expect(try snapshot.certificates.required[.key]?.readableByService.known == nil)
    }

    @Test func `the configuration is kept without its token`() async throws {
        let host = try host()
        let (snapshot, raw) = await ConfigurationProbe().observe(HostRoot(host.path), after: withUnit(user: "agent"))
        let fact = try snapshot.configuration.required
        #expect(fact.readableByService == false)
        #expect(fact.pollingTokenPresent)
        #expect(raw.map(\.path) == ["config/config.yaml"])
        #expect(
            !"\(snapshot.configuration)\(raw.map { String(decoding: $0.content, as: UTF8.self) })".contains("5ecret"))
    }
}
