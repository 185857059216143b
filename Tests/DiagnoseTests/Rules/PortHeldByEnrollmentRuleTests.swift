@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct PortHeldByEnrollmentRuleTests {
    let rule = PortHeldByEnrollmentRule()

    @Test func `an enrollment that listens on the port is accused with its parents and descriptor`() throws {
        let fault = try #require(rule.fault(.incident))
        #expect(fault.subject == "pid 1218")
        #expect(fault.confidence == .conclusive)
        let words = fault.facts.map(\.value).joined(separator: "\n")
        #expect(words.contains("0.0.0.0:12443 LISTEN, inode 900840468"))
        #expect(words.contains("pid 1218 fd 16 = socket:[900840468]"))
        #expect(words.contains("pid 1217 (sudo), pid 1216 (bash), pid 1 (systemd)"))
        #expect(words.contains("session-3.scope"))
    }

    @Test func `the same process without --enroll is another rule's`() {
        let host = Snapshot.incident.with { host in host.processes.edit { $0.edit(1218) { $0.enrolls = false } } }
        #expect(rule.answer(host) == .clears)
        #expect(PortHeldByStrayAgentRule().answer(host) == .accuses(["pid 1218"]))
    }

    @Test func `an enrollment inside the unit is the service's own affair`() {
        let host = Snapshot.incident.with { host in
            host.processes.edit { $0.edit(1218) { $0.unit = "linux-patch-api.service" } }
        }
        #expect(rule.answer(host) == .clears)
    }

    @Test func `a container's unit of the same name is outside of ours`() {
        let host = Snapshot.incident.with { host in
            host.processes.edit { processes in
                processes.edit(1218) {
                    $0.unit = "linux-patch-api.service"
                    $0.pidNamespace = 7
                }
            }
        }
        #expect(rule.answer(host) == .accuses(["pid 1218"]))
    }

    @Test func `an enrollment and the child that inherited its socket are one story`() {
        let child = ProcessFact.process(1300, "apt-get", ["apt-get", "update"], parent: 1218)
        let host = Snapshot.incident.with { host in
            host.port.edit { $0.listeners = [.on("0.0.0.0", heldBy: child, .enrollment())] }
            host.processes.edit { $0.processes.append(child) }
        }
        #expect(rule.answer(host) == .accuses(["pid 1218"]))
        #expect(PortHeldByForeignProcessRule().answer(host) == .clears)
    }

    @Test func `two listeners of one enrollment are one finding`() {
        let host = Snapshot.incident.with { host in
            host.port.edit { $0.listeners.append(.on("::", inode: 2, heldBy: .enrollment())) }
        }
        #expect(rule.answer(host) == .accuses(["pid 1218"]))
    }

    @Test func `an ordinary user hears of the only enrollment as probable, with what is missing`() throws {
        let fault = try #require(rule.fault(Snapshot.incident.seenByOrdinaryUser()))
        #expect(fault.confidence == .probable)
        #expect(fault.missing.map(\.what) == ["descriptor table of pid 1218"])
    }

    @Test func `of two enrollments none is suspected of a hidden listener`() {
        let host = Snapshot.incident.with { $0.processes.edit { $0.processes.append(.enrollment(1400)) } }
        #expect(rule.answer(host.seenByOrdinaryUser()) == .unknown)
    }

    @Test func `another user's enrollment is not suspected of root's listener`() {
        let host = Snapshot.incident.with { $0.processes.edit { $0.edit(1218) { $0.user = 1000 } } }
        #expect(rule.answer(host.seenByOrdinaryUser()) == .unknown)
    }

    @Test func `an enrollment of another network namespace is not suspected`() {
        let host = Snapshot.incident.seenByOrdinaryUser().with {
            $0.processes.edit { $0.edit(1218) { $0.networkNamespace = 7 } }
        }
        #expect(rule.answer(host) == .unknown)
    }

    @Test func `an enrollment whose descriptors were read is not suspected`() {
        let host = Snapshot.incident.seenByOrdinaryUser().with {
            $0.port.edit { $0.unreadable.removeAll { $0.pid == 1218 } }
        }
        #expect(rule.answer(host) == .unknown)
    }

    @Test(arguments: [
        Snapshot.incident.with { $0.port = .unseen() }, Snapshot.incident.with { $0.processes = .unseen() },
    ])
    func `without sockets or processes nobody can tell`(host: Snapshot) {
        #expect(rule.answer(host) == .unknown)
    }

    @Test func `failures from before the enrollment began are not its doing`() {
        let early = Epoch.failing(Snapshot.portInUse, to: "2026-05-28T15:00:00Z")
        #expect(rule.recognises(early, on: .incident) == nil)
        #expect(rule.recognises(.failing(Snapshot.portInUse), on: .incident) == "port 12443")
        #expect(rule.recognises(.failing("bind: 0.0.0.0:9090: address already in use"), on: .incident) == nil)
    }
}
