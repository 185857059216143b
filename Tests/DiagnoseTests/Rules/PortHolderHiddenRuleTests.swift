@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct PortHolderHiddenRuleTests {
    let rule = PortHolderHiddenRule()
    let host = Snapshot.blocked(by: .on("0.0.0.0", inode: 42))

    @Test func `a listener without a process is the root even where every table was read`() throws {
        let root = try #require(host.diagnosed().findings(.root).first)
        #expect(root.id == "port-holder-hidden")
        #expect(root.subject == "socket:[42]")
        #expect(root.missing.first?.reason == .notAvailable)
    }

    @Test func `a holder that was seen clears it`() {
        #expect(rule.answer(.incident) == .clears)
        #expect(rule.answer(.healthy) == .clears)
    }

    @Test func `an ordinary user is told what privilege would show`() throws {
        let diagnosis = Snapshot.incident.seenByOrdinaryUser().diagnosed()
        #expect(diagnosis.ids(.root) == ["port-held-by-enrollment", "port-holder-hidden"])
        #expect(diagnosis["port-held-by-enrollment"]?.confidence == .probable)
        #expect(diagnosis["port-holder-hidden"]?.missing.first?.reason == .notPermitted)
    }

    @Test func `an ordinary user on a healthy host accuses nobody and promises nothing`() {
        let diagnosis = Snapshot.healthy.seenByOrdinaryUser().diagnosed()
        #expect(diagnosis.findings.isEmpty)
        #expect(diagnosis.verdict == .undetermined)
        #expect(diagnosis.undecided.contains { $0.id == "port-holder-hidden" })
    }

    @Test func `without sockets nobody can tell`() {
        #expect(rule.answer(host.with { $0.port = .unseen() }) == .unknown)
    }
}
