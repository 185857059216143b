@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct PortUsedByClientRuleTests {
    let rule = PortUsedByClientRule()
    static let curl = ProcessFact.process(802, "curl", ["curl", "https://example.org"])
    let host = Snapshot.healthy.failing(Snapshot.portInUse).with { host in
        host.port.edit { port in
            port.ephemeralRange = [1024, 65535]
            port.clients = [
                ClientSocket(
                    state: "ESTABLISHED", local: "192.168.3.41:12443", remote: "203.0.113.9:443", inode: 78,
                    holders: [Holder(process: curl.identity, descriptor: 5)])
            ]
        }
        host.processes.edit { $0.processes.append(curl) }
    }

    @Test func `a client on the port is the root, with the range that gave it the port`() throws {
        let root = try #require(host.diagnosed().findings(.root).first)
        #expect(root.id == "port-used-by-client")
        #expect(root.confidence == .conclusive)
        #expect(root.facts.contains { $0.value == "ip_local_port_range 1024–65535" })
    }

    @Test func `outside the range it may be a dead listener's connection, and is only probable`() {
        let host = host.with { $0.port.edit { $0.ephemeralRange = [32768, 60999] } }
        #expect(rule.fault(host)?.confidence == .probable)
    }

    @Test func `without a connection there is nothing to accuse`() {
        #expect(rule.answer(host.with { $0.port.edit { $0.clients = [] } }) == .clears)
        #expect(rule.answer(host.with { $0.port.edit { $0.clients[0].state = "TIME_WAIT" } }) == .clears)
    }

    @Test func `where no bind fails the connection is harmless`() {
        #expect(rule.answer(host.with { $0.journal.edit { $0.epochs = [.failing("Segmentation fault")] } }) == .clears)
    }

    @Test func `beside a listener that is out of the way nobody looked for connections`() {
        let host = host.with { host in
            host.configuration.edit { $0.bindAddress = "192.168.3.41" }
            host.port.edit { port in
                port.clients = []
                port.listeners = [.on("127.0.0.1", heldBy: Self.curl)]
            }
        }
        #expect(rule.answer(host) == .unknown)
    }

    @Test func `without sockets or journal nobody can tell`() {
        #expect(rule.answer(host.with { $0.port = .unseen() }) == .unknown)
        #expect(rule.answer(host.with { $0.journal = .unseen() }) == .unknown)
    }
}
