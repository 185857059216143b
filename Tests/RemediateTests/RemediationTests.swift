import Custody
import Evidence
import Glibc
import Linux
import Synchronization
import TestKit
import Testing
import Values

@testable import Remediate

/// Whole runs on real files and processes; what systemd would do is left to the lab.
@Suite struct RemediationTests {
    private let ground: Ground
    private let evidence: SealedEvidence
    private let minutes = Minutes()

    init() throws {
        ground = try Ground()
        evidence = try ground.seal(.incident)
        try ground.place.write("certs/a.pem", "x", mode: 0o600)
        try ground.place.write("certs/b.pem", "x", mode: 0o600)
    }

    private func opening(_ name: String) throws -> Action { .setAccess(try ground.change("certs/" + name, to: 0o644)) }
    private func mode(_ name: String) throws -> UInt32 { try FileStatus(of: ground.file("certs/" + name)).permissions }

    /// `looks` one after the other, the last one for ever.
    private func remediation(
        _ plan: Plan, looks: [Snapshot] = [.incident], agrees: @escaping @Sendable (Plan.Step) -> Bool = { _ in true },
        kills: Bool = false, atUndoing: @escaping @Sendable () -> Void = {}
    ) -> Remediation {
        let rest = Mutex(looks)
        let minutes = minutes
        let surroundings = Remediation.Surroundings(
            look: { Look(rest.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }) },
            keep: {
                minutes.write("kept")
                return .init(path: "/second", digest: .standingFor("second"))
            },
            tell: { event in
                switch event {
                case .step(let step): minutes.write("step \(step.number)")
                case .undoing(let step):
                    minutes.write("undoing \(step.number)")
                    atUndoing()
                case .ended, .observing: break
                }
            })
        return Remediation(
            plan, on: evidence, approval: Approval(.digest, agrees: agrees) { _ in kills }, surroundings: surroundings,
            patience: Interval(microseconds: 50_000), recovery: Interval(microseconds: 0),
            settling: Interval(microseconds: 1000))
    }

    private func run(_ remediation: Remediation) async throws -> Outcome {
        try await remediation.run(under: HostLock(below: ground.place.path))
    }

    private func events() throws -> [String] {
        try evidence.history().map(\.event.rawValue).filter { $0.hasPrefix("remedy") }
    }

    @Test func `what is not current is refused, and nothing is done or written`() async throws {
        let other = Snapshot.incident.with { $0.host.edit { $0.bootID = "b008" } }
        let remediation = remediation(.of([try opening("a.pem")], on: evidence), looks: [other])
        await #expect {
            _ = try await self.run(remediation)
        } throws: { error in
            if case .refused(.otherBoot)? = error as? Remediation.Failure { true } else { false }
        }
        await #expect {
            _ = try await remediation.rehearse()
        } throws: { error in
            if case .refused(.otherBoot)? = error as? Remediation.Failure { true } else { false }
        }
        #expect(try events().isEmpty)
        #expect(try mode("a.pem") == 0o600)
        #expect(minutes.all.isEmpty)
    }

    @Test func `an archive is refused as one, whatever is asked for`() async throws {
        let path = try ground.seal(.incident, form: .archive).finish()
        let packed = try #require(try Verifier.verify(path).evidence)
        let surroundings = Remediation.Surroundings(look: { Look(.incident) }, keep: { nil }, tell: { _ in })
        let remediation = Remediation(
            .of([try opening("a.pem")], on: packed), on: packed, approval: Approval(.digest) { _ in false },
            surroundings: surroundings)
        func isRefused(_ error: any Error) -> Bool {
            if case .refused(.packed)? = error as? Remediation.Failure { true } else { false }
        }
        await #expect { _ = try await self.run(remediation) } throws: { isRefused($0) }
        await #expect { _ = try await remediation.rehearse() } throws: { isRefused($0) }
        #expect(try mode("a.pem") == 0o600)
    }

    @Test func `a rehearsal does nothing and writes nothing`() async throws {
        let plan = Plan.of([try opening("a.pem"), try opening("b.pem")], on: evidence)
        ground.place.setMode("certs/b.pem", 0o640)
        let rehearsal = try await remediation(plan).rehearse()
        #expect(rehearsal.map(\.isReady) == [true, false])
        #expect(rehearsal[1].words.hasPrefix("would be refused: "))
        #expect(try [mode("a.pem"), mode("b.pem")] == [0o600, 0o640])
        #expect(try events().isEmpty)
    }

    @Test func `healed is what was seen to be healthy after the last step`() async throws {
        let plan = Plan.of([try opening("a.pem")], on: evidence)
        let outcome = try await run(remediation(plan, looks: [.incident, .healthy]))
        #expect(outcome.result == .healed)
        #expect(outcome.summary.hasPrefix("it is active as pid 812, holds port 12443"))
        #expect(try mode("a.pem") == 0o644)
        #expect(try events() == ["remedy-approved", "remedy-step-begun", "remedy-step-ended", "remedy-ended"])
        #expect(!minutes.all.contains("kept"))
        #expect(try Verifier.verify(evidence.location).isIntact)
    }

    @Test func `where the host is not healthy in the end, all is undone in reverse and a second bundle kept`()
        async throws
    {
        let plan = Plan.of([try opening("a.pem"), try opening("b.pem")], on: evidence)
        let outcome = try await run(remediation(plan))
        #expect(outcome.result == .notHealed)
        #expect(outcome.undone.map(\.number) == [2, 1])
        #expect(outcome.undone.map(\.succeeded) == [true, true])
        #expect(outcome.evidenceAfter?.path == "/second")
        #expect(minutes.all == ["step 1", "step 2", "undoing 2", "undoing 1", "kept"])
        #expect(try [mode("a.pem"), mode("b.pem")] == [0o600, 0o600])
        let last = try #require(try evidence.history().last)
        #expect(last.detail["result"] == "not-healed")
        #expect(last.detail["evidence_after"] == Digest.standingFor("second").labelled)
    }

    @Test func `nothing is taken back that can't be written down first`() async throws {
        let plan = Plan.of([try opening("a.pem")], on: evidence)
        let chain = evidence.location + "/custody.jsonl"
        let remediation = remediation(plan, atUndoing: { _ = unsafe (unlink(chain), mkdir(chain, 0o700)) })
        await #expect {
            _ = try await self.run(remediation)
        } throws: { error in
            if case .custody? = error as? Remediation.Failure { true } else { false }
        }
        #expect(try mode("a.pem") == 0o644)
    }

    @Test func `a service that is restarted while it is watched is not healed`() async throws {
        let restarted = Snapshot.healthy.with { $0.unit.edit { $0.always { $0.nRestarts = 1 } } }
        let plan = Plan.of([try opening("a.pem")], on: evidence)
        let outcome = try await run(remediation(plan, looks: [.incident, .healthy, restarted]))
        #expect(outcome.result == .notHealed)
        #expect(outcome.summary.hasPrefix("it was restarted again within"))
    }

    @Test func `a step that fails ends the run, and what was done before it is undone`() async throws {
        let plan = Plan.of([try opening("a.pem"), try opening("b.pem"), try opening("b.pem")], on: evidence)
        ground.place.setMode("certs/b.pem", 0o640)
        let outcome = try await run(remediation(plan))
        #expect(outcome.steps.map(\.result) == [.done, .failed])
        #expect(outcome.summary.hasPrefix("step 2 failed: "))
        #expect(outcome.undone.map(\.number) == [1])
        #expect(try [mode("a.pem"), mode("b.pem")] == [0o600, 0o640])
    }

    @Test func `a step that was declined ends the run, and what was done before it stays`() async throws {
        let plan = Plan.of([try opening("a.pem"), try opening("b.pem")], on: evidence)
        let outcome = try await run(remediation(plan, agrees: { $0.number == 1 }))
        #expect(outcome.result == .declined)
        #expect(outcome.steps.map(\.result) == [.done, .declined])
        #expect(try [mode("a.pem"), mode("b.pem")] == [0o644, 0o600])
        #expect(!minutes.all.contains("kept"))
        #expect(try events().last == "remedy-ended")
    }

    @Test func `a process that lives on is not said to be lost`() async throws {
        let child = try stubborn()
        let outcome = try await run(remediation(.of([.end(try culprit(child.pid))], on: evidence)))
        #expect(outcome.result == .notHealed)
        #expect(
            outcome.lasting == [
                "'kill \(child.pid)' was tried and did not succeed; it may have had an effect all the same"
            ])
        #expect(runs(child.pid))
    }

    @Test func `where somebody else takes the port that was freed, nothing is started`() async throws {
        let socket = try OwnSocket()
        let child = try IdleChild(holding: socket.descriptor, as: 9)
        let nginx = ProcessFact.process(77, "nginx", ["nginx"], cgroup: "/system.slice/nginx.service")
        let taken = Snapshot.incident.with { host in
            host.port.edit { $0.listeners = [.on("0.0.0.0", heldBy: nginx)] }
            host.processes.edit { $0.processes = [.systemd, nginx] }
        }
        let plan = Plan.of(
            [.end(try culprit(child.pid, sockets: [socket.inode])), try opening("a.pem")], on: evidence)
        let outcome = try await run(remediation(plan, looks: [.incident, taken]))
        #expect(outcome.steps.map(\.result) == [.failed])
        #expect(outcome.summary.contains("port-held-by-foreign-process (pid 77) came up since"))
        #expect(try mode("a.pem") == 0o600)
        child.end()
    }

    @Test func `a run that was broken off goes on, and undoes in the end what the first one did`() async throws {
        let plan = Plan.of([try opening("a.pem"), try opening("b.pem")], on: evidence)
        let ledger = Ledger(evidence: evidence, plan: plan)
        try ledger.approved(Approval(.digest) { _ in false })
        try ledger.begun(plan.steps[0], [:])
        ground.place.setMode("certs/a.pem", 0o644)
        // Killed here. The next run finds the first step done.
        let outcome = try await run(remediation(plan))
        #expect(outcome.steps.map(\.result) == [.needless, .done])
        #expect(outcome.undone.map(\.number) == [2, 1])
        #expect(try [mode("a.pem"), mode("b.pem")] == [0o600, 0o600])
    }

    @Test func `undoing takes back what stands, even where the host fails otherwise by now`() async throws {
        let plan = Plan.of([try opening("a.pem"), try opening("b.pem")], on: evidence)
        _ = try await run(remediation(plan, agrees: { $0.number == 1 }))
        let nginx = ProcessFact.process(77, "nginx", ["nginx"], cgroup: "/system.slice/nginx.service")
        let now = Snapshot.incident.with { host in
            host.port.edit { $0.listeners = [.on("0.0.0.0", heldBy: nginx)] }
            host.processes.edit { $0.processes = [.systemd, nginx] }
        }
        let undoing = remediation(plan, looks: [now])
        let outcome = try await undoing.undo(under: HostLock(below: ground.place.path))
        #expect(outcome.result == .undone)
        #expect(outcome.undone.map(\.number) == [1])
        #expect(outcome.summary == "what can be undone is undone")
        #expect(try mode("a.pem") == 0o600)
        let again = try await undoing.undo(under: HostLock(below: ground.place.path))
        #expect(again.summary == "nothing is left that could be taken back")
    }

    @Test func `an undoing that did not succeed is not called one`() async throws {
        let plan = Plan.of([try opening("a.pem"), try opening("b.pem")], on: evidence)
        _ = try await run(remediation(plan, agrees: { $0.number == 1 }))
        ground.place.setMode("certs/a.pem", 0o444)
        let outcome = try await remediation(plan).undo(under: HostLock(below: ground.place.path))
        #expect(outcome.summary == "could not be taken back: step 1")
        #expect(outcome.undone.map(\.succeeded) == [false])
        #expect(try Progress(of: plan, in: evidence).standing == [1])
    }

    @Test func `a plan that never ran has nothing to undo`() async throws {
        let remediation = remediation(.of([try opening("a.pem")], on: evidence))
        await #expect {
            _ = try await remediation.undo(under: HostLock(below: self.ground.place.path))
        } throws: { error in
            if case .refused(.neverRun)? = error as? Remediation.Failure { true } else { false }
        }
        #expect(try events().isEmpty)
    }

    @Test func `a unit that was to be stopped is done when it is down and stays so`() async throws {
        let down = Snapshot.incident.with { host in
            host.unit.edit { unit in unit.always { ($0.activeState, $0.subState) = ("inactive", "dead") } }
        }
        func watched(_ looks: [Snapshot]) async -> Bool {
            let rest = Mutex(looks)
            let watch = Convalescence(patience: .seconds(0), settling: Interval(microseconds: 1000))
            return await watch.observeStop { Look(rest.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }) }.isDown
        }
        #expect(await watched([down]))
        #expect(await !watched([.incident]))
        #expect(await !watched([down, .healthy]))
    }

    @Test func `a chain of custody that can't be written ends the run before the step`() async throws {
        let plan = Plan.of([try opening("a.pem")], on: evidence)
        let remediation = remediation(
            plan,
            agrees: { [evidence] _ in
                _ = unsafe unlink(evidence.location + "/custody.jsonl")
                return true
            })
        await #expect { _ = try await self.run(remediation) } throws: { error in
            if case .custody? = error as? Remediation.Failure { true } else { false }
        }
        #expect(try mode("a.pem") == 0o600)
    }
}
