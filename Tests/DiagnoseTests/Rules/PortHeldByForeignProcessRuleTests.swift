@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct PortHeldByForeignProcessRuleTests {
    let rule = PortHeldByForeignProcessRule()
    static let nginx = ProcessFact.process(
        700, "nginx", ["nginx: master process"], cgroup: "/system.slice/nginx.service")

    static func host(on address: String, bind: String? = "0.0.0.0", v6Only: Bool? = nil) -> Snapshot {
        var listener = Listener.on(address, heldBy: nginx)
        listener.v6Only = v6Only
        return .blocked(by: listener, heldBy: nginx).with { $0.configuration.edit { $0.bindAddress = bind } }
    }

    @Test func `another program on the port is the root, named with its unit`() throws {
        let root = try #require(Self.host(on: "0.0.0.0").diagnosed().findings(.root).first)
        #expect(root.id == "port-held-by-foreign-process")
        #expect(root.summary.contains("pid 700 (nginx)") && root.summary.contains("nginx.service"))
    }

    /// What Linux answers to a bind beside a live listener, as measured on a 6.x kernel.
    @Test(arguments: [
        ("0.0.0.0", "0.0.0.0", true), ("127.0.0.1", "0.0.0.0", true), ("0.0.0.0", "127.0.0.1", true),
        ("127.0.0.1", "127.0.0.2", false), ("192.168.3.41", "127.0.0.1", false), ("::", "0.0.0.0", true),
        ("::", "127.0.0.1", true), ("::1", "0.0.0.0", false), ("::ffff:192.168.3.41", "192.168.3.41", true),
        ("::ffff:192.168.3.41", "127.0.0.1", false), ("0.0.0.0", "::", true), ("127.0.0.1", "::", true),
        ("fd00::1", "fd00:0:0::1", true), ("fd00::1", "fd00::2", false), ("0.0.0.0", "fd00::1", false),
    ])
    func `only a listener that the bind runs into is accused`(taken: String, wanted: String, conflict: Bool) {
        #expect(rule.answer(Self.host(on: taken, bind: wanted)) == (conflict ? .accuses(["pid 700"]) : .clears))
    }

    @Test func `an IPv6-only listener is out of an IPv4 agent's way`() {
        #expect(rule.answer(Self.host(on: "::", v6Only: true)) == .clears)
        #expect(rule.answer(Self.host(on: "::", v6Only: false)) == .accuses(["pid 700"]))
    }

    @Test func `whether [::] is in the way is certain once a bind failed, and before that only probable`() {
        let host = Self.host(on: "::")
        #expect(rule.fault(host)?.confidence == .conclusive)
        let other = host.with { $0.journal.edit { $0.epochs = [.failing("Certs Expired: /x.pem")] } }
        #expect(rule.fault(other)?.missing.map(\.what) == ["IPV6_V6ONLY of socket:[900840468]"])
    }

    @Test func `beside the serving agent an IPv6 listener can only be an IPv6-only one`() {
        let host = Snapshot.healthy.with { host in
            host.port.edit { $0.listeners.append(.on("::", inode: 5, heldBy: Self.nginx)) }
            host.processes.edit { $0.processes.append(Self.nginx) }
        }
        #expect(host.diagnosed().findings.isEmpty)
        #expect(host.diagnosed().verdict == .healthy)
    }

    @Test func `where the bind address is not known any listener is in the way`() {
        #expect(rule.answer(Self.host(on: "127.0.0.1", bind: nil)) == .accuses(["pid 700"]))
    }

    @Test func `a unit with a network of its own is never in its way`() {
        let host = Self.host(on: "0.0.0.0").with { $0.unit.edit { $0.always { $0.privateNetwork = true } } }
        #expect(rule.answer(host) == .clears)
    }

    @Test func `a holder that ended while it was looked at is not guessed at`() {
        #expect(rule.answer(Self.host(on: "0.0.0.0").with { $0.processes.edit { $0.remove(700) } }) == .unknown)
    }
}
