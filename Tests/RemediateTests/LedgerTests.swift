import Custody
import Glibc
import TestKit
import Testing
import Values

@testable import Remediate

/// How far an earlier run came, by the chain of custody alone.
@Suite struct LedgerTests {
    private let ground: Ground
    private let evidence: SealedEvidence
    private let plan: Plan
    private let ledger: Ledger

    init() throws {
        ground = try Ground()
        evidence = try ground.seal(.incident)
        plan = .of([.reloadManager, .resetFailed(.agent), .start(.agent)], on: evidence)
        ledger = Ledger(evidence: evidence, plan: plan)
    }

    private func progress() throws -> Progress { try Progress(of: plan, in: evidence) }
    private func approve() throws { try ledger.approved(Approval(.digest) { _ in false }) }

    @Test func `without a run there is nothing`() throws {
        let progress = try progress()
        #expect(!progress.wasApproved)
        #expect(!progress.wasBrokenOff)
        #expect(progress.standing.isEmpty)
    }

    @Test func `broken off after a step began, it may have had its effect`() throws {
        try approve()
        try ledger.begun(plan.steps[0], ["state": "failed"])
        let progress = try progress()
        #expect(progress.wasBrokenOff)
        #expect(progress.begun == [1: ["state": "failed"]])
        #expect(progress.ended.isEmpty)
        #expect(progress.standing == [1])
    }

    @Test func `broken off after steps ended, the latest comes first`() throws {
        try approve()
        for step in plan.steps.prefix(2) {
            try ledger.begun(step, [:])
            try ledger.ended(step, .done, "done")
        }
        #expect(try progress().standing == [2, 1])
        #expect(try progress().ended == [1: .done, 2: .done])
        #expect(try progress().wasBrokenOff)
        try ledger.closed(.healed, "", second: nil)
        #expect(try !progress().wasBrokenOff)
        #expect(try progress().standing == [2, 1])
    }

    @Test func `a later run that finds a step needless, since it was done, takes nothing of that back`() throws {
        try approve()
        try ledger.begun(plan.steps[0], ["directory": "missing"])
        try ledger.ended(plan.steps[0], .done, "written")
        try approve()
        try ledger.ended(plan.steps[0], .needless, "is there already")
        #expect(try progress().standing == [1])
        #expect(try progress().ended[1] == .done)
        #expect(try progress().begun[1] == ["directory": "missing"])
    }

    @Test func `the same after a run that was killed before it could say so`() throws {
        try approve()
        try ledger.begun(plan.steps[0], [:])
        try approve()
        try ledger.ended(plan.steps[0], .needless, "is there already")
        #expect(try progress().standing == [1])
    }

    @Test func `a step that began again after it was needless may have had its effect`() throws {
        try approve()
        try ledger.begun(plan.steps[0], [:])
        try ledger.ended(plan.steps[0], .needless, "somebody was faster")
        #expect(try progress().standing.isEmpty)
        try approve()
        try ledger.begun(plan.steps[0], [:])
        #expect(try progress().standing == [1])
    }

    @Test func `what was undone stands no more, and what could not be still does`() throws {
        try approve()
        for step in plan.steps.prefix(2) {
            try ledger.begun(step, ["try": "first"])
            try ledger.ended(step, .done, "")
        }
        try ledger.undone(plan.steps[1], "", succeeded: true)
        try ledger.undone(plan.steps[0], "", succeeded: false)
        #expect(try progress().standing == [1])
        try ledger.begun(plan.steps[1], ["try": "second"])
        #expect(try progress().standing == [2, 1])
        #expect(try progress().begun[2] == ["try": "second"])
        // What was so before the first try is what has to come back.
        try ledger.begun(plan.steps[0], ["try": "second"])
        #expect(try progress().begun[1] == ["try": "first"])
    }

    @Test func `another plan's lines are not this one's`() throws {
        let other = Plan.of([.start(.agent)], on: evidence)
        try Ledger(evidence: evidence, plan: other).approved(Approval(.digest) { _ in false })
        try Ledger(evidence: evidence, plan: other).begun(other.steps[0], [:])
        #expect(try progress() == Progress(of: .of([.stop(.agent)], on: evidence), in: evidence))
        #expect(try !progress().wasApproved)
    }

    @Test func `a chain that was tampered with tells nothing, and is not continued`() throws {
        try approve()
        let path = evidence.location + "/custody.jsonl"
        let text = String(decoding: try TemporaryDirectory.bytes(of: path), as: UTF8.self)
        let name = path.dropFirst(ground.place.path.count + 1)
        try ground.place.write(String(name), text.replacing("\"steps\":\"3\"", with: "\"steps\":\"4\""), mode: 0o600)
        #expect(throws: CustodyError.self) { try progress() }
        #expect(throws: CustodyError.self) { try ledger.begun(plan.steps[0], [:]) }
    }
}

@Suite struct HostLockTests {
    private let ground: Ground

    init() throws { ground = try Ground() }

    private func claim() -> String? {
        do throws(HostLock.Failure) {
            _ = try HostLock(below: ground.place.path)
            return nil
        } catch {
            return error.description
        }
    }

    @Test func `the second one is told who holds it, and has it when that one is done`() throws {
        do {
            let first = try HostLock(below: ground.place.path)
            #expect(claim() == "another remediation is at work on this host, as pid \(getpid())")
            _ = consume first
        }
        #expect(claim() == nil)
    }

    @Test func `the kernel gives it back when its holder is killed`() throws {
        #expect(claim() == nil)
        let lock = ground.file("patch-doctor/remediation.lock")
        let ready = ground.file("ready")
        let holder = try ChildProcess([
            "flock", lock, "sh", "-c", "echo $PPID > \(lock); echo > \(ready); exec sleep 600",
        ])
        while (try? TemporaryDirectory.bytes(of: ready))?.isEmpty != false {}
        #expect(claim() == "another remediation is at work on this host, as pid \(holder.pid)")
        // flock(1) hands its descriptor to what it runs: that one has to end as well.
        let children = try TemporaryDirectory.bytes(of: "/proc/\(holder.pid)/task/\(holder.pid)/children")
        let child = String(decoding: children, as: UTF8.self).split(separator: " ").first.flatMap { Int32($0) }
        kill(holder.pid, SIGKILL)
        if let child { kill(child, SIGKILL) }
        holder.wait()
        while let child, runs(child) {}
        #expect(claim() == nil)
    }

    @Test func `a link in the lock's place is not followed`() throws {
        try ground.place.write("patch-doctor/x", "kept")
        ground.place.link("patch-doctor/remediation.lock", to: ground.file("patch-doctor/x"))
        #expect(claim() != nil)
        #expect(try String(decoding: ground.place.read("patch-doctor/x"), as: UTF8.self) == "kept")
    }
}
