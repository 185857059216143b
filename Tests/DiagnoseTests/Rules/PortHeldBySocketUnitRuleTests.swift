@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct PortHeldBySocketUnitRuleTests {
    let rule = PortHeldBySocketUnitRule()
    let host = Snapshot.blocked(by: .on("::", heldBy: .systemd)).with {
        $0.unit.edit { $0.always { $0.triggeredBy = ["linux-patch-api.socket"] } }
    }

    @Test func `a socket unit whose service binds the port itself is the root`() throws {
        let root = try #require(host.diagnosed().findings(.root).first)
        #expect(root.id == "port-held-by-socket-unit")
        #expect(root.summary.contains("linux-patch-api.socket"))
    }

    @Test func `socket activation that works is healthy`() {
        let works = Snapshot.healthy.with { host in
            host.port.edit { $0.listeners = [.on("0.0.0.0", heldBy: .systemd, .service())] }
            host.unit.edit { $0.always { $0.triggeredBy = ["linux-patch-api.socket"] } }
        }
        #expect(rule.answer(works) == .clears)
        #expect(works.diagnosed().verdict == .healthy)
    }

    @Test func `a service that fails for another reason does not make its socket guilty`() {
        let other = host.with { $0.journal.edit { $0.epochs = [.failing("Certs Expired: /x.pem")] } }
        #expect(rule.answer(other) == .clears)
    }

    @Test func `another service's socket is in the way of a failing service`() {
        let other = host.with { $0.unit.edit { $0.always { $0.triggeredBy = [] } } }
        #expect(rule.fault(other)?.summary.contains("another service") == true)
        let named = other.with { $0.port.edit { $0.socketUnits = ["billing.socket"] } }
        #expect(rule.fault(named)?.subject == "billing.socket")
    }

    @Test func `without the journal nobody can tell`() {
        #expect(rule.answer(host.with { $0.journal = .unseen() }) == .unknown)
    }
}
