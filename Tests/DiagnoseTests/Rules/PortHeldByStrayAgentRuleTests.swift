@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct PortHeldByStrayAgentRuleTests {
    let rule = PortHeldByStrayAgentRule()
    let host = Snapshot.blocked(by: .on("0.0.0.0", heldBy: .strayAgent()), heldBy: .strayAgent())

    @Test func `a second agent that listens on the port is accused`() {
        #expect(rule.answer(host) == .accuses(["pid 2000"]))
        #expect(host.diagnosed().ids(.root) == ["port-held-by-stray-agent"])
    }

    @Test func `the unit's own main process is innocent`() {
        #expect(rule.answer(.healthy) == .clears)
    }

    @Test func `a program that is no agent is another rule's`() {
        let other = host.with { $0.processes.edit { $0.edit(2000) { $0.agentGrounds = [] } } }
        #expect(rule.answer(other) == .clears)
        #expect(PortHeldByForeignProcessRule().answer(other) == .accuses(["pid 2000"]))
    }

    @Test func `an ordinary user hears of the only stray agent as probable`() {
        #expect(rule.fault(host.seenByOrdinaryUser())?.confidence == .probable)
    }

    @Test func `without processes nobody can tell`() {
        #expect(rule.answer(host.with { $0.processes = .unseen() }) == .unknown)
    }
}
