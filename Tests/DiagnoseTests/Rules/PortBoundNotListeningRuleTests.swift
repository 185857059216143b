@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct PortBoundNotListeningRuleTests {
    let rule = PortBoundNotListeningRule()
    static let socat = ProcessFact.process(801, "socat", ["socat", "-"])
    let host = Snapshot.healthy.failing(Snapshot.portInUse).with { host in
        let holder = Holder(process: socat.identity, descriptor: 3)
        host.port.edit { $0.bound = [BoundSocket(address: "0.0.0.0", inode: 77, holders: [holder])] }
        host.processes.edit { $0.processes.append(socat) }
    }

    @Test func `a bound socket that nobody else shows is the root`() {
        #expect(rule.answer(host) == .accuses(["pid 801"]))
        #expect(host.diagnosed().ids(.root) == ["port-bound-not-listening"])
    }

    @Test func `without the socket there is nothing to accuse`() {
        #expect(rule.answer(host.with { $0.port.edit { $0.bound = [] } }) == .clears)
    }

    @Test func `where no bind fails the socket is harmless`() {
        let other = host.with { $0.journal.edit { $0.epochs = [.failing("Certs Expired: /x.pem")] } }
        #expect(rule.answer(other) == .clears)
    }

    @Test func `beside a live listener it need not be the cause`() {
        #expect(rule.answer(.incident) == .clears)
    }

    @Test func `where nobody looked through the descriptors nobody can tell`() {
        #expect(rule.answer(host.with { $0.port.edit { $0.boundLookedFor = false } }) == .unknown)
        #expect(
            rule.answer(
                host.with {
                    $0.port.edit { port in
                        port.bound = []
                        port.complete = false
                    }
                }) == .unknown)
        #expect(rule.answer(host.with { $0.journal = .unseen() }) == .unknown)
    }
}
