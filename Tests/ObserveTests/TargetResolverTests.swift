import Evidence
import Foundation
import Linux
import TestKit
import Testing
import Values

@testable import Observe

@Suite struct TargetResolverTests {
    private let root = HostRoot(Fixtures.path("hosts/misplaced-limit"))

    @Test func `ExecStart names program and configuration`() async {
        let target = await TargetResolver.resolve(root: root)
        #expect(target.program == "/usr/bin/linux-patch-api")
        #expect(target.configuration == "/etc/linux_patch_api/config.yaml")
        #expect(target.configurationSource == "ExecStart of linux-patch-api.service")
        #expect(target.port == .agent && target.portSource == "default")
    }

    @Test func `an option beats the configuration, the configuration beats the default`() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "resolver-\(UUID())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try Data("server:\n  bind: 0.0.0.0\n  port: 9443\n".utf8).write(to: directory.appending(path: "a.yaml"))
        let other = HostRoot(directory.path)
        let read = await TargetResolver.resolve(configuration: "/a.yaml", root: other)
        #expect(read.port == Port(rawValue: 9443) && read.portSource == "/a.yaml, line 3")
        #expect(read.configurationSource == "--config")
        let asked = await TargetResolver.resolve(port: .agent, configuration: "/a.yaml", root: other)
        #expect(asked.port == .agent && asked.portSource == "--port")
    }

    @Test(arguments: [
        (["--config", "/x"], "/x"), (["--config=/x"], "/x"), (["-c", "/x"], "/x"), (["-v"], nil), (["--config"], nil),
    ])
    func `the configuration is found in each spelling`(arguments: [String], path: String?) {
        #expect(StartCommand(program: "/usr/bin/agent", arguments: arguments).configuration == path)
    }

    @Test func `a shell around the program is seen through`() {
        let shell = StartCommand(
            program: "/bin/sh", arguments: ["-c", "sleep 1; exec /opt/agent --config '/etc/a b.yaml'"])
        let inner = shell.unwrapped { $0 == "/opt/agent" }
        #expect(inner.program == "/opt/agent" && inner.configuration == "/etc/a b.yaml")
        #expect(shell.unwrapped { _ in false } == shell)
        #expect(shell.configuration == nil, "-c is the shell's own")
    }

    @Test func `another service is not judged by the agent's configuration`() async throws {
        let name = try #require(UnitName(rawValue: "nothing.service"))
        let target = await TargetResolver.resolve(unit: name, root: root)
        #expect(!target.hasConfiguration && target.configurationSource == "nothing.service names none")
        let asked = await TargetResolver.resolve(unit: name, configuration: "/etc/n.yaml", root: root)
        #expect(asked.configuration == "/etc/n.yaml")
    }
}
