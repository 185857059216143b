import Custody
import Evidence
import Glibc
import TestKit
import Testing
import Values

@testable import Remediate

/// Which evidence may be acted upon, and why other evidence may not.
@Suite struct CurrentEvidenceTests {
    private let ground: Ground

    init() throws { ground = try Ground() }

    private func refusal(
        of evidence: SealedEvidence, _ now: Snapshot, for purpose: CurrentEvidence.Purpose = .beginning
    ) -> Refusal? {
        do throws(Refusal) {
            _ = try CurrentEvidence(evidence, now: Look(now), for: purpose)
            return nil
        } catch {
            return error
        }
    }

    private func refusal(_ now: Snapshot, for purpose: CurrentEvidence.Purpose = .beginning) throws -> Refusal? {
        refusal(of: try ground.seal(.incident), now, for: purpose)
    }

    @Test func `the same failure of the same boot may be acted upon`() throws {
        #expect(try refusal(.incident) == nil)
        #expect(try refusal(Snapshot.incident.with { $0.unit.edit { $0.always { $0.nRestarts += 40 } } }) == nil)
    }

    @Test func `another machine's evidence is refused`() throws {
        let now = Snapshot.incident.with { $0.host.edit { $0.machine = .standingFor("another") } }
        #expect(try refusal(now) == .otherHost("radarr-lxc.moon-dragon.us"))
        #expect(try refusal(now, for: .undoing) == .otherHost("radarr-lxc.moon-dragon.us"))
    }

    @Test func `another boot's evidence is refused`() throws {
        let now = Snapshot.incident.with { $0.host.edit { $0.bootID = "b008" } }
        #expect(try refusal(now) == .otherBoot)
        #expect(try refusal(now, for: .goingOn) == .otherBoot)
    }

    @Test func `where machine or boot can't be told, nothing may be done`() throws {
        for now in [
            Snapshot.incident.with { $0.host = .unseen() },
            Snapshot.incident.with { $0.host.edit { $0.machine = nil } },
            Snapshot.incident.with { $0.host.edit { $0.bootID = "" } },
        ] {
            guard case .unknownHost? = try refusal(now) else {
                Issue.record("was let pass")
                continue
            }
        }
        let nameless = try ground.seal(Snapshot.incident.with { $0.host.edit { $0.machine = nil } })
        guard case .unknownHost? = refusal(of: nameless, .incident) else {
            Issue.record("was let pass")
            return
        }
    }

    @Test func `a cause that came up since makes it out of date`() throws {
        let nginx = ProcessFact.process(77, "nginx", ["nginx"], cgroup: "/system.slice/nginx.service")
        let now = Snapshot.incident.with { host in
            host.port.edit { $0.listeners = [.on("0.0.0.0", heldBy: nginx)] }
            host.processes.edit { $0.processes = [.systemd, nginx] }
        }
        let expected = Refusal.movedOn("port-held-by-foreign-process (pid 77) came up since")
        #expect(try refusal(now) == expected)
        #expect(try refusal(now, for: .goingOn) == expected)
        // What was done is taken back even so: it may be the very cause.
        #expect(try refusal(now, for: .undoing) == nil)
    }

    @Test func `the same pid with another start time is another process`() throws {
        let later = ProcessIdentity(pid: 1218, startTicks: 999_999)
        let now = Snapshot.incident.with { host in
            host.processes.edit { $0.edit(1218) { $0.identity = later } }
            host.port.edit { $0.listeners[0].holders = [Holder(process: later, descriptor: 16)] }
        }
        #expect(try refusal(now) == .movedOn("port-held-by-enrollment (pid 1218) came up since"))
    }

    @Test func `a host that is healthy by now is left alone, unless the plan itself made it so`() throws {
        #expect(try refusal(.healthy) == .movedOn("the service is healthy by now"))
        #expect(try refusal(.healthy, for: .goingOn) == nil)
        #expect(refusal(of: try ground.seal(.healthy), .healthy) == nil)
    }

    @Test func `fewer causes, and a loop that was given up meanwhile, are no other failure`() throws {
        let given = Snapshot.incident.with { host in
            host.unit.edit { unit in
                unit.always { ($0.activeState, $0.subState, $0.result) = ("failed", "failed", "start-limit-hit") }
            }
            host.port.edit { $0.listeners = [] }
            host.processes.edit { $0.remove(1218) }
        }
        #expect(Look(given).roots.contains { $0.hasPrefix("start-limit-hit") })
        #expect(try refusal(given) == nil)
    }

    @Test func `an archive can't be written to, and a host that did not run can't be healed`() throws {
        #expect(refusal(of: try ground.seal(.incident, form: .archive), .incident) == .packed)
        let offline = Snapshot.incident.with { $0.observer.offline = .init(root: "/mnt", journal: nil) }
        #expect(refusal(of: try ground.seal(offline), .incident) == .notRunning)
    }

    @Test func `what the unit starts by now decides, not what the bundle says`() throws {
        for change in [
            { $0.target.program = "/tmp/evil" }, { $0.target.configuration = "/etc/ssl/private/x.yaml" },
            { $0.target.port = Port(rawValue: 22) ?? .agent },
        ] as [(inout Snapshot) -> Void] {
            let made = try ground.seal(Snapshot.incident.with(change))
            guard case .movedOn? = refusal(of: made, .incident) else {
                Issue.record("was let pass")
                continue
            }
        }
    }

    @Test(arguments: ["", "/facts.json", "/manifest.json", "/custody.jsonl"])
    func `a bundle that others may have written is refused`(part: String) throws {
        let evidence = try ground.seal(.incident)
        #expect(unsafe chmod(evidence.location + part, 0o777) == 0)
        guard case .foreign(let why)? = refusal(of: evidence, .incident) else {
            Issue.record("was let pass")
            return
        }
        #expect(why == "\(evidence.location + part) is of user \(geteuid()), mode 777")
        #expect(unsafe chmod(evidence.location + part, 0o700) == 0)
        #expect(refusal(of: evidence, .incident) == nil)
        guard geteuid() == 0 else { return }
        #expect(unsafe chown(evidence.location + part, 65534, 65534) == 0)
        guard case .foreign? = refusal(of: evidence, .incident) else {
            Issue.record("was let pass")
            return
        }
    }
}
