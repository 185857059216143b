@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct PortHeldByLeftoverRuleTests {
    let rule = PortHeldByLeftoverRule()
    let host = Snapshot.blocked(by: .on("0.0.0.0", heldBy: .service(812)), heldBy: .service(812)).with {
        $0.unit.edit { $0.always { $0.killMode = "process" } }
    }

    @Test func `a process of an earlier run in the unit's own cgroup is the root`() throws {
        let root = try #require(host.diagnosed().findings(.root).first)
        #expect(root.id == "port-held-by-leftover")
        #expect(root.facts.contains { $0.value == "KillMode=process" })
    }

    @Test func `the main process is none, nor is what it started`() {
        #expect(rule.answer(.healthy) == .clears)
        let worker = ProcessFact.process(
            900, "worker", ["worker"], parent: 812, started: "2026-05-20T20:24:01Z",
            cgroup: "/system.slice/linux-patch-api.service")
        let forked = Snapshot.healthy.with { host in
            host.port.edit { $0.listeners = [.on("0.0.0.0", heldBy: worker)] }
            host.processes.edit { $0.processes.append(worker) }
        }
        #expect(rule.answer(forked) == .clears)
        #expect(forked.diagnosed().verdict == .healthy)
    }

    @Test func `beside a younger main process it is one`() {
        let old = ProcessFact.service(700, started: "2026-05-19T00:00:00Z")
        let both = Snapshot.healthy.with { host in
            host.port.edit { $0.listeners = [.on("0.0.0.0", heldBy: old)] }
            host.processes.edit { $0.processes.append(old) }
        }
        #expect(rule.answer(both) == .accuses(["pid 700"]))
    }

    @Test func `without processes nobody can tell`() {
        #expect(rule.answer(host.with { $0.processes = .unseen() }) == .unknown)
    }
}
