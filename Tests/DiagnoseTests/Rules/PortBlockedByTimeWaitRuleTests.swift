@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct PortBlockedByTimeWaitRuleTests {
    let rule = PortBlockedByTimeWaitRule()
    let host = Snapshot.healthy.failing(Snapshot.portInUse).with {
        $0.port.edit { $0.otherStates = ["TIME_WAIT": 3] }
    }

    @Test func `lingering connections are the root where binds fail and nobody is there`() {
        #expect(host.diagnosed().ids(.root) == ["port-blocked-by-time-wait"])
        #expect(rule.fault(host)?.confidence == .conclusive)
    }

    @Test func `beside a live holder they are not`() throws {
        let incident = Snapshot.incident.with { $0.port.edit { $0.otherStates = ["TIME_WAIT": 3] } }
        let cleared = try #require(incident.diagnosed().ruledOut.first { $0.id == "port-blocked-by-time-wait" })
        #expect(cleared.because.contains("live listener"))
        #expect(cleared.facts.contains { $0.value.contains("3 sockets") })
    }

    @Test func `on a healthy host they are nothing`() {
        let healthy = Snapshot.healthy.with { $0.port.edit { $0.otherStates = ["TIME_WAIT": 300] } }
        #expect(rule.answer(healthy) == .clears)
        #expect(healthy.diagnosed().verdict == .healthy)
    }

    @Test func `without them, or where no bind fails, they are not`() {
        #expect(rule.answer(host.with { $0.port.edit { $0.otherStates = [:] } }) == .clears)
        #expect(rule.answer(host.with { $0.journal.edit { $0.epochs = [.failing("Certs Untrusted")] } }) == .clears)
    }

    @Test func `a bound socket explains the failure better`() {
        let host = host.with { host in
            host.port.edit { $0.bound = [BoundSocket(address: "0.0.0.0", inode: 77, holders: [])] }
        }
        #expect(rule.answer(host) == .clears)
    }

    @Test func `where descriptors could not be looked through it is only probable`() {
        #expect(rule.fault(host.with { $0.port.edit { $0.boundLookedFor = false } })?.confidence == .probable)
    }

    @Test func `without sockets or journal nobody can tell`() {
        #expect(rule.answer(host.with { $0.port = .unseen() }) == .unknown)
        #expect(rule.answer(host.with { $0.journal = .unseen() }) == .unknown)
    }
}
