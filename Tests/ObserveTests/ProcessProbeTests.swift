import Evidence
import Linux
import Observe
import TestKit
import Testing
import Values

@Suite struct ProcessProbeTests {
    private let recorded = HostRoot(Fixture.host("enrollment-holds-port"))
    private let agent = Target(program: "/opt/linux-patch-api")

    @Test func `agents are told from a shell that carries their command line`() async throws {
        let (fact, _) = try await look()
        #expect(fact.agents.map(\.identity.pid) == [13, 15, 16])
        #expect(fact[12]?.isAgent == false)
        #expect(fact[12]?.enrolls == false)
        #expect(fact.examined == 6)
    }

    @Test func `an enrollment is recognised in both spellings, with the manager's address and without its password`()
        async throws
    {
        let (fact, _) = try await look()
        #expect(fact[15]?.enrolls == true)
        #expect(fact[15]?.enrollURL == "https://[redacted]@manager.example:8443")
        #expect(fact[13]?.enrollURL == "https://manager.example")
    }

    @Test func `session and unit come from the cgroup, and a user's unit is not the host's`() async throws {
        let (fact, _) = try await look()
        #expect(fact[15]?.session == "3")
        #expect(fact[15]?.unit == "session-3.scope")
        #expect(fact[13]?.unit == "user@1000.service")
        #expect(fact[13]?.userUnit == "linux-patch-api.service")
        #expect(fact[13]?.userName == "nobody")
        #expect(fact[13]?.user == 65534)
        #expect(fact[15]?.loginUser == nil)
    }

    @Test func `ancestors reach up to init and are known themselves`() async throws {
        let (fact, _) = try await look()
        #expect(fact[16]?.ancestors == [15, 12, 1])
        #expect(fact[12]?.ancestors == [1])
        #expect(fact[1]?.name == "bash")
    }

    @Test func `no secret of a command line reaches facts or raw material`() async throws {
        let (fact, raw) = try await look()
        let commandLine = try #require(raw.first { $0.path == "proc/15/cmdline" })
        #expect(commandLine.redactions == ["user information of a URL", "value of --token"])
        for secret in ["hunter2", "s3cret"] {
            #expect(!raw.contains { String(decoding: $0.content, as: UTF8.self).contains(secret) })
            #expect(!fact.processes.contains { $0.arguments.joined().contains(secret) })
        }
        #expect(raw.contains { $0.path == "proc/12/stat" })
    }

    @Test func `holders of the port are kept although they are no agents, unless their pid was used again`()
        async throws
    {
        let decoy = try ProcessReader(at: recorded).read(14).identity
        var seen = Snapshot.empty
        var port = PortFact(port: .agent)
        port.listeners = [Listener(address: "::", family: .ipv6, inode: 1, user: 0)]
        port.listeners[0].holders = [Holder(process: decoy, descriptor: 3)]
        seen.port = .value(port, Source("test", time: WallTime(seconds: 0)))
        #expect(try await look(after: seen).0[14]?.name == "x) S 1 (y")

        port.listeners[0].holders = [
            Holder(process: ProcessIdentity(pid: 14, startTicks: decoy.startTicks + 1), descriptor: 3)
        ]
        seen.port = .value(port, Source("test", time: WallTime(seconds: 0)))
        #expect(try await look(after: seen).0[14] == nil)
    }

    @Test func `an agent is recognised live by its file, whatever it was renamed to`() async throws {
        let child = try IdleChild(holding: 0, as: 0)
        let path = try Descriptor(directory: "/proc/\(child.pid)").link("exe")
        let observation = await ProcessProbe().look(at: .live, for: Target(program: path), after: .empty)
        var snapshot = Snapshot.empty
        observation.record(&snapshot)
        let found = try #require(try snapshot.processes.required[child.pid])
        #expect(found.agentGrounds == [.path, .sameFile])
        #expect(found.started <= Clock.wall)
        #expect(found.networkNamespace != nil)
        #expect(found.ancestors.last == 1)
    }

    private func look(after seen: Snapshot = .empty) async throws -> (ProcessesFact, [RawItem]) {
        let observation = await ProcessProbe().look(at: recorded, for: agent, after: seen)
        var snapshot = seen
        observation.record(&snapshot)
        return (try snapshot.processes.required, observation.raw)
    }
}

@Suite struct ArgumentRedactionTests {
    @Test(
        arguments: [
            (["a", "--token", "x", "y"], ["a", "--token", "[redacted]", "y"]),
            (["a", "--polling-token=x"], ["a", "--polling-token=[redacted]"]),
            (["a", "--token", "--verbose"], ["a", "--token", "--verbose"]),
            (["a", "--token-file", "/etc/t"], ["a", "--token-file", "/etc/t"]),
            (["env", "API_PASSWORD=x", "a"], ["env", "API_PASSWORD=[redacted]", "a"]),
            (["sh", "-c", "a --password 'x y' --enroll u"], ["sh", "-c", "a --password [redacted]  --enroll u"]),
            (["curl", "-H", "Authorization: Bearer x"], ["curl", "-H", "Authorization: Bearer [redacted]"]),
            (["a", "https://u:p@h/?token=x&b=c"], ["a", "https://[redacted]@h/?token=[redacted]&b=c"]),
            (["a", "--enroll", "https://h:8443/"], ["a", "--enroll", "https://h:8443/"]),
        ] as [([String], [String])])
    func `secrets are replaced and the rest is kept`(arguments: [String], expected: [String]) {
        #expect(ArgumentRedaction(of: arguments).arguments == expected)
    }
}
