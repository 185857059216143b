import Configuration
import Evidence
import Files
import Linux
import TestKit
import Testing
import Values

@Suite struct ConfigurationReaderTests {
    static let good = """
        server:
          port: 12443
          bind: "0.0.0.0"
        tls:
          enabled: true
          port: 12443
          ca_cert: "/etc/linux_patch_api/certs/ca.pem"
          server_cert: "/etc/linux_patch_api/certs/server.pem"
          server_key: "/etc/linux_patch_api/certs/server.key"
        jobs:
          max_concurrent: 5
          timeout_minutes: 30
        logging:
          level: info
        enrollment:
          manager_url: "https://manager.example.test"
          polling_token: "5ecret-t0ken"
          cert_renewal_threshold_days: 14

        """

    private func read(_ text: String) throws -> ConfigurationReading {
        let directory = try TemporaryDirectory()
        try directory.write("etc/config.yaml", text, mode: 0o640)
        return ConfigurationReader.read(path: "/etc/config.yaml", root: HostRoot(directory.path), user: .success(.root))
    }

    private func edited(_ old: String, _ new: String) -> String {
        #expect(Self.good.contains(old))
        return Self.good.replacing(old, with: new)
    }

    private func words(_ text: String) throws -> [String] {
        try #require(read(text).fact.known).problems.map { problem in
            let place = problem.line.map { "\($0):\(problem.column ?? 0) " } ?? ""
            return "\(problem.severity) \(place)\(problem.key ?? "-") \(problem.problem)"
        }
    }

    @Test func `a good file has no problems and all its values`() throws {
        let reading = try read(Self.good)
        let fact = try #require(reading.fact.known)
        #expect(fact.problems.isEmpty)
        #expect(fact.readableByService == true)
        #expect((fact.port, fact.bindAddress, fact.tlsEnabled) == (12443, "0.0.0.0", true))
        #expect(fact.keyPath == "/etc/linux_patch_api/certs/server.key")
        #expect(fact.managerURL == "https://manager.example.test")
        #expect(fact.pollingTokenPresent)
        #expect(fact.renewalThresholdDays == 14)
        let configuration = try #require(reading.configuration)
        #expect(configuration.server.port == Port.agent)
        #expect(configuration.tls?.crlPath == "/etc/linux_patch_api/certs/crl.pem")
        #expect(configuration.jobs.maximumQueued == 100)
        #expect(configuration.enrollment.maximumAttempts == 1440)
        #expect(configuration.rateLimit.readPerMinute == 120)
    }

    private static let port = "port: 12443\n  bind"

    @Test(arguments: [
        (port, "port: https\n  bind", "error 2:9 server.port is 'https', not a number"),
        (port, "port: '12443'\n  bind", "error 2:9 server.port is the text '12443', not a number"),
        (port, "port: 0\n  bind", "error 2:9 server.port is 0, which is out of range: 1 to 65535"),
        (port, "port: 70000\n  bind", "error 2:9 server.port is 70000, which is out of range: 1 to 65535"),
        (port, "port:\n  bind", "error 2:8 server.port is empty, not a number"),
        (port, "port: [1]\n  bind", "error 2:9 server.port is a list, not a number"),
        ("  port: 12443\n  bind", "  bind", "error server.port is missing"),
        ("\"0.0.0.0\"", "localhost", "error 3:9 server.bind is 'localhost', not an IP address"),
        (
            "  server_key: \"/etc/linux_patch_api/certs/server.key\"\n", "", "error tls.server_key is missing"
        ),
        ("enabled: true", "enabled: yes", "error 5:12 tls.enabled is 'yes', not true or false"),
        ("logging:\n  level: info\n", "", "error logging the section is missing"),
        (
            "\"5ecret-t0ken\"", "123456",
            "error 17:18 enrollment.polling_token is a number or a flag, not text: put it in quotes"
        ),
        (
            "  level: info", "  level: info\n  level: debug",
            "error 15:3 level is there twice: the first one is on line 14"
        ),
    ])
    func `what keeps the agent from starting is an error at its place`(old: String, new: String, problem: String) throws
    {
        #expect(try words(edited(old, new)) == [problem])
        #expect(try read(edited(old, new)).configuration == nil)
    }

    private static let url = "warning 16:16 enrollment.manager_url "

    @Test(arguments: [
        (
            "enabled: true", "enabled: true\n  min_tls_version: \"1.3\"",
            "warning 6:3 tls.min_tls_version is no longer read: the agent always speaks TLS 1.3"
        ),
        ("enabled: true", "enabled: true\n  colour: red", "warning 6:3 tls.colour is no key that the agent knows"),
        (
            "enabled: true", "enabled: false",
            "warning tls.enabled TLS is switched off: the agent would serve plain HTTP to anyone"
        ),
        (
            "example.test\"", "example.test/enroll\"",
            url + "has a path: the agent appends /api/v1/… to it and would miss the manager"
        ),
        ("https://", "http://", url + "is not https: whoever is on the way can read and change everything"),
        ("\"https://manager.example.test\"", "manager", url + "is no http or https URL with a host"),
    ])
    func `what it can live with is a warning`(old: String, new: String, problem: String) throws {
        #expect(try words(edited(old, new)) == [problem])
        #expect(try read(edited(old, new)).configuration != nil)
    }

    @Test func `IPv6 may be bound, and a file without TLS is said to be open`() throws {
        #expect(try words(edited("\"0.0.0.0\"", "'::'")).isEmpty)
        let start = try #require(Self.good.firstRange(of: "tls:"))
        let end = try #require(Self.good.firstRange(of: "jobs:"))
        let open = String(Self.good[..<start.lowerBound] + Self.good[end.lowerBound...])
        #expect(
            try words(open) == [
                "warning tls there is no tls section: the agent would serve plain HTTP to anyone"
            ])
        #expect(try read(open).fact.known?.tlsEnabled == nil)
    }

    @Test func `a file that is no YAML has one error with line and column`() throws {
        #expect(
            try words(edited("  server_key", "\tserver_key"))
                == ["error 9:1 - found character that cannot start any token"])
        #expect(try words("") == ["error - the file is empty"])
        #expect(try words("- a\n- b\n") == ["error 1:1 - the file holds a list, not a mapping"])
    }

    @Test func `neither fact nor kept text has the token`() throws {
        let reading = try read(Self.good)
        #expect(!"\(reading)".contains("5ecret"))
        let kept = try #require(reading.kept)
        #expect(kept.content.elementsEqual(edited("\"5ecret-t0ken\"", "<redacted>").utf8))
        #expect(kept.redactions == ["value of enrollment.polling_token, line 17"])
    }

    @Test func `user and password of a URL reach neither fact nor kept text`() throws {
        let reading = try read(edited("https://", "https://joe:hunter2@"))
        #expect(reading.fact.known?.managerURL == "https://manager.example.test")
        let text = String(decoding: try #require(reading.kept).content, as: UTF8.self)
        #expect(text.contains("https://<redacted>@manager.example.test"))
        #expect(!text.contains("hunter2"))
    }

    @Test func `missing, unreadable and misplaced files are facts`() throws {
        let directory = try TemporaryDirectory()
        let root = HostRoot(directory.path)
        let missing = ConfigurationReader.read(path: "/etc/none.yaml", root: root)
        #expect(missing.fact.known?.file.exists == false)
        #expect(missing.kept == nil)
        directory.makeDirectory("etc/config.yaml")
        let misplaced = ConfigurationReader.read(path: "/etc/config.yaml", root: root)
        #expect(misplaced.fact.known?.errors.map(\.problem) == ["it is a directory, not a file"])
        try directory.write("etc/closed.yaml", Self.good, mode: 0o600)
        let stranger = ServiceUser(name: "agent", user: 777, groups: [777])
        let closed = ConfigurationReader.read(path: "/etc/closed.yaml", root: root, user: .success(stranger))
        #expect(closed.fact.known?.readableByService == false)
    }

    @Test func `the port is found early, with its line`() throws {
        let directory = try TemporaryDirectory()
        try directory.write("c.yaml", edited("12443", "12500"))
        let found = ConfigurationReader.port(path: "/c.yaml", root: HostRoot(directory.path))
        #expect(found?.port.rawValue == 12500)
        #expect(found?.source == "/c.yaml, line 2")
        #expect(ConfigurationReader.port(path: "/none.yaml", root: HostRoot(directory.path)) == nil)
    }
}
