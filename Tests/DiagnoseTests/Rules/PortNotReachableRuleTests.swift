@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct PortNotReachableRuleTests {
    let rule = PortNotReachableRule()

    static func listening(on address: String, asked: String?) -> Snapshot {
        .healthy.with { host in
            host.port.edit { $0.listeners = [.on(address, heldBy: .service())] }
            host.configuration.edit { $0.bindAddress = asked }
        }
    }

    @Test(arguments: [
        ("0.0.0.0", "0.0.0.0", false), ("::", "0.0.0.0", false), ("::", "::", false),
        ("0.0.0.0", "192.168.3.41", false),
        ("192.168.3.41", "192.168.3.41", false), ("127.0.0.1", "0.0.0.0", true), ("127.0.0.1", "127.0.0.1", true),
        ("0.0.0.0", "::", true), ("fd00::1", "192.168.3.41", true), ("192.168.3.41", "192.168.3.42", true),
        ("::1", "::", true),
    ])
    func `the agent must answer where the configuration asks for it`(here: String, asked: String, wrong: Bool) {
        let host = Self.listening(on: here, asked: asked)
        #expect(rule.answer(host) == (wrong ? .accuses(["port 12443"]) : .clears))
        #expect(host.diagnosed().ids(.root) == (wrong ? ["port-not-reachable"] : []))
    }

    @Test func `an IPv6-only listener answers no IPv4 client`() {
        let host = Self.listening(on: "::", asked: "0.0.0.0").with { $0.port.edit { $0.listeners[0].v6Only = true } }
        #expect(rule.answer(host) == .accuses(["port 12443"]))
    }

    @Test func `loopback that was asked for may be meant so, and is only probable`() {
        #expect(rule.fault(Self.listening(on: "127.0.0.1", asked: "127.0.0.1"))?.confidence == .probable)
        #expect(rule.fault(Self.listening(on: "127.0.0.1", asked: "0.0.0.0"))?.confidence == .conclusive)
    }

    @Test func `one of all addresses is a risk, not an outage`() {
        let host = Self.listening(on: "192.168.3.41", asked: "0.0.0.0")
        #expect(host.diagnosed().ids(.risk) == ["port-not-reachable"])
        #expect(host.diagnosed().verdict == .healthy)
    }

    @Test func `an agent on another port is found there`() throws {
        let host = Snapshot.healthy.with { host in
            host.port.edit { port in
                port.listeners = []
                port.elsewhere = [
                    OtherListener(address: "0.0.0.0", port: 12444, process: ProcessFact.service().identity)
                ]
            }
        }
        #expect(try #require(rule.fault(host)).summary.contains("0.0.0.0 port 12444"))
        #expect(host.diagnosed().ids(.root) == ["port-not-reachable"])
        let asked = host.with { $0.configuration.edit { $0.port = 12444 } }
        #expect(rule.answer(asked) == .clears, "it listens where its configuration says; the question was wrong")
    }

    @Test func `an agent that listens nowhere is accused once it had time to`() {
        let silent = Snapshot.healthy.with { $0.port.edit { $0.listeners = [] } }
        #expect(silent.diagnosed().ids(.root) == ["port-not-reachable"])
        let starting = silent.with { $0.unit.edit { $0.always { $0.activeEnter = .at("2026-05-28T18:39:30Z") } } }
        #expect(rule.answer(starting) == .notApplicable)
    }

    @Test func `what keeps it from listening comes before that it does not listen`() {
        let host = Snapshot.healthy.with { host in
            host.port.edit { $0.listeners = [] }
            host.certificates.edit { $0.edit(.ca) { $0.file.edit { $0.exists = false } } }
        }
        #expect(host.diagnosed().ids(.root) == ["cert-missing"])
        #expect(host.diagnosed().ids(.contributing) == ["port-not-reachable"])
    }

    @Test func `a service that does not run is not asked where it listens`() {
        #expect(rule.answer(.incident) == .notApplicable)
    }

    @Test func `without sockets, holders or configuration nobody can tell`() {
        #expect(rule.answer(Snapshot.healthy.with { $0.port = .unseen() }) == .unknown)
        #expect(rule.answer(Snapshot.healthy.seenByOrdinaryUser()) == .unknown)
        #expect(rule.answer(Snapshot.healthy.with { $0.configuration = .unseen() }) == .unknown)
    }
}
