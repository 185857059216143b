import Evidence
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
        let other = try #require(Port(rawValue: 9443))
        let read = await TargetResolver.resolve(configuration: "/a.yaml", root: root) { path, _ in
            path == "/a.yaml" ? (other, "/a.yaml:3") : nil
        }
        #expect(read.port == other && read.portSource == "/a.yaml:3" && read.configurationSource == "--config")
        let asked = await TargetResolver.resolve(port: .agent, root: root) { _, _ in (other, "never") }
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

    @Test func `a host without the unit keeps the defaults`() async throws {
        let name = try #require(UnitName(rawValue: "nothing.service"))
        let target = await TargetResolver.resolve(unit: name, root: root)
        #expect(target.program == "/usr/bin/linux-patch-api" && target.configurationSource == "default")
    }
}
