import Custody
import Diagnose
import Evidence
import TestKit
import Testing
import Values

@testable import Remediate

@Suite struct PlannerTests {
    @Test func `the incident is healed by ending the enrollment, after a start limit that bites`() throws {
        let plan = try plan(.incident)
        #expect(plan.kinds == ["write-drop-in", "reload-manager", "end-process", "reset-failed", "start-unit"])
        #expect(plan.advice.isEmpty)
        let step = try #require(plan.steps.first { $0.action.kind == "end-process" })
        #expect(step.command == "kill 1218")
        #expect(step.because.map(\.finding) == ["port-held-by-enrollment"])
        #expect(step.undo == nil)
    }

    @Test func `what destroys less comes first, and nothing starts before it can`() throws {
        let plan = try plan(.incident)
        #expect(plan.steps.map(\.number) == Array(1...plan.steps.count))
        #expect(plan.steps.map(\.action.rank) == plan.steps.map(\.action.rank).sorted())
        #expect(plan.kinds.last == "start-unit")
    }

    @Test func `a healthy host needs nothing`() throws {
        for (risks, stopping) in [(false, false), (true, false), (false, true)] {
            let plan = try plan(.healthy, risks: risks, stopping: stopping)
            #expect(plan.verdict == .healthy)
            #expect(plan.steps.isEmpty)
            #expect(plan.advice.isEmpty)
        }
    }

    @Test func `a host that did not run is left alone, and each cause is told`() throws {
        let host = Snapshot.incident.with { $0.observer.offline = .init(root: "/mnt", journal: nil) }
        let plan = try plan(host, risks: true)
        #expect(plan.steps.isEmpty)
        #expect(!plan.advice.isEmpty)
        #expect(plan.advice.allSatisfy { $0.because == "the host did not run when it was looked at" })
    }

    @Test func `a second blocker that isn't ours keeps the first from being touched`() throws {
        // The certificate that the next start would need can't be had: ending the holder would win nothing.
        let host = Snapshot.incident.with { host in
            host.certificates.edit { $0.edit(.certificate) { $0.certificates = [.server.expired] } }
            host.configuration.edit { $0.managerURL = nil }
        }
        let plan = try plan(host)
        #expect(plan.advice(on: "cert-expired") != nil)
        #expect(plan.steps.isEmpty)
    }

    @Test func `risks are answered only where that was asked for`() throws {
        let host = Snapshot.healthy.with { host in
            host.program.edit { ($0.userNumber, $0.groupNumber) = (0, 0) }
            host.certificates.edit {
                $0.edit(.key) {
                    $0.file.edit {
                        $0.mode = 0o644
                        $0.identity = FileIdentity(device: 1, inode: 7)
                    }
                }
            }
        }
        #expect(try plan(host).steps.isEmpty)
        #expect(
            try plan(host, risks: true).steps.map(\.command) == ["chmod 0600 /etc/linux_patch_api/certs/server.key"])
    }

    @Test func `a unit that flaps is stopped where that was asked for, and nothing else is done`() throws {
        let plan = try plan(.incident, stopping: true)
        #expect(plan.kinds == ["stop-unit"])
        #expect(plan.stopsUnit)
        #expect(plan.steps.map(\.undo) == ["systemctl start linux-patch-api.service"])
    }

    @Test func `a unit that was given up is not stopped, and the plan says why`() throws {
        let host = Snapshot.incident.with { host in
            host.unit.edit { unit in
                unit.always { ($0.activeState, $0.subState, $0.result) = ("failed", "failed", "start-limit-hit") }
            }
        }
        let plan = try plan(host, stopping: true)
        #expect(plan.steps.isEmpty)
        #expect(plan.advice.map(\.because) == ["the unit was not seen flapping, so that there is nothing to stop"])
    }

    @Test func `the digest names bundle and steps, and nothing else moves it`() throws {
        let evidence = try Ground().seal(.incident)
        let diagnosis = Diagnostician().diagnose(evidence.snapshot)
        let first = Planner.plan(evidence, diagnosis)
        #expect(Planner.plan(evidence, diagnosis).digest == first.digest)
        #expect(Planner.plan(evidence, diagnosis, risks: true).digest == first.digest)
        #expect(Planner.plan(evidence, diagnosis, stopping: true).digest != first.digest)
        let later = try plan(Snapshot.incident.with { $0.observer.version = "another" })
        #expect(later.kinds == first.kinds)
        #expect(later.digest != first.digest)
    }

    @Test func `the digest moves with every word of a step`() throws {
        let evidence = try Ground().seal(.incident)
        let culprit = Culprit(.enrollment(), sockets: [7])
        let access = AccessChange(
            path: "/a", identity: FileIdentity(device: 1, inode: 2), before: .init(owner: 0, group: 0, mode: 0o600),
            after: .init(owner: 0, group: 0, mode: 0o644))
        func with<Value>(_ value: Value, _ change: (inout Value) -> Void) -> Value {
            var copy = value
            change(&copy)
            return copy
        }
        let actions: [Action] = [
            .end(culprit), .end(with(culprit) { $0.sockets = [8] }), .end(with(culprit) { $0.arguments = ["a b"] }),
            .end(with(culprit) { $0.arguments = ["a", "b"] }), .end(with(culprit) { $0.executable = "/bin/x" }),
            .end(with(culprit) { $0.identity = ProcessIdentity(pid: 1218, startTicks: 1) }),
            .end(with(culprit) { $0.executableIdentity = FileIdentity(device: 1, inode: 1) }),
            .setAccess(access), .setAccess(with(access) { $0.path = "/b" }),
            .setAccess(with(access) { $0.identity = FileIdentity(device: 1, inode: 3) }),
            .setAccess(with(access) { $0.after.mode = 0o640 }), .setAccess(with(access) { $0.before.owner = 1 }),
            .setAccess(with(access) { $0.after.group = 1 }),
            .makeDirectory(NewDirectory(path: "/a", access: access.after)),
            .writeDropIn(UnitFile(path: "/a", text: "x\n")), .writeDropIn(UnitFile(path: "/a", text: "y\n")),
            .runAgent(AgentCommand(program: "/a", arguments: ["b c"])),
            .runAgent(AgentCommand(program: "/a", arguments: ["b", "c"])), .reloadManager, .start(.agent),
            .restart(.agent), .stop(.agent), .resetFailed(.agent),
        ]
        let digests = actions.map { Plan.of([$0], on: evidence).digest }
        #expect(Set(digests).count == actions.count)
        #expect(
            Plan.of([.reloadManager, .start(.agent)], on: evidence).digest
                != Plan.of([.start(.agent), .reloadManager], on: evidence).digest)
    }

    @Test func `every remedy answers findings that exist, and no two the same`() {
        let answered = RemedyBook.all.flatMap(\.findings)
        #expect(Set(answered).count == answered.count)
        for finding in answered + RemedyBook.bystanders { #expect(RuleBook.info(finding) != nil, "\(finding)") }
    }

    @Test func `a name from outside is one word of a shell and harmless to read`() {
        #expect(shellWord("/etc/a b") == "'/etc/a b'")
        #expect(shellWord("it's; rm -rf $HOME `x`") == #"'it'\''s; rm -rf $HOME `x`'"#)
        #expect(shellWord("") == "''")
        #expect(shellWord("a\n\u{1B}[2Jb") == #"'a\u{a}\u{1b}[2Jb'"#)
        #expect(shellWord("/usr/bin/linux-patch-api") == "/usr/bin/linux-patch-api")
    }
}

extension X509Fact {
    /// The same, past its time.
    var expired: X509Fact {
        var copy = self
        copy.notAfter = .daysFromNow(-1)
        return copy
    }
}
