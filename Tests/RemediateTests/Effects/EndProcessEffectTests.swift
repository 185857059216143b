import Evidence
import Linux
import TestKit
import Testing
import Values

@testable import Remediate

/// With real processes: the right one ends, and no other ever gets a signal.
@Suite struct EndProcessEffectTests {
    private func effect(
        _ culprit: Culprit, patience: Interval = .seconds(30), minutes: Minutes = Minutes(), killing: Bool = false
    ) -> EndProcessEffect {
        EndProcessEffect(culprit: culprit, patience: patience) { words in
            minutes.write(words)
            return killing
        }
    }

    @Test func `the process that was seen ends on SIGTERM`() throws {
        let child = try ChildProcess(["sleep", "600"])
        let bystander = try ChildProcess(["sleep", "600"])
        let effect = effect(try culprit(child.pid))
        #expect(try effect.standing() == .ready)
        #expect(try effect.outcome() == "done: pid \(child.pid) (sleep) ended on SIGTERM")
        #expect(child.wait() == 128 + 15)
        #expect(runs(bystander.pid))
    }

    @Test func `a process that has ended needs no signal`() throws {
        let child = try ChildProcess(["sleep", "600"])
        let seen = try culprit(child.pid)
        #expect(try effect(seen).outcome().hasPrefix("done: "))
        // A zombie still has its number.
        #expect(try effect(seen).standing() == .needless("pid \(child.pid) (sleep) has ended by itself"))
        child.wait()
        #expect(try effect(seen).outcome().hasPrefix("needless: "))
    }

    @Test func `a number that belongs to another process by now is left alone`() throws {
        let child = try ChildProcess(["sleep", "600"])
        var seen = try culprit(child.pid)
        seen.identity = ProcessIdentity(pid: child.pid, startTicks: seen.identity.startTicks - 1)
        let (result, words) = try effect(seen).carryOut()
        #expect(result == .needless)
        #expect(words.contains("its number belongs to pid \(child.pid) (sleep) by now"))
        #expect(runs(child.pid))
    }

    @Test func `a process with other arguments, another program or another file is refused and lives`() throws {
        let child = try ChildProcess(["sleep", "600"])
        let seen = try culprit(child.pid)
        let changes: [(inout Culprit) -> Void] = [
            { $0.arguments = ["sleep", "601"] }, { $0.executable = "/usr/bin/linux-patch-api" }, { $0.executable = "" },
            { $0.executableIdentity = FileIdentity(device: 0, inode: 0) },
        ]
        for change in changes {
            var other = seen
            change(&other)
            #expect(throws: StepFailure.self) { try effect(other).standing() }
            #expect(throws: StepFailure.self) { try effect(other).carryOut() }
            #expect(runs(child.pid))
        }
    }

    @Test func `a process that let the port go is left alone`() throws {
        let socket = try OwnSocket()
        socket.startListening()
        let child = try IdleChild(holding: socket.descriptor, as: 9)
        let holding = effect(try culprit(child.pid, sockets: [socket.inode]))
        #expect(try holding.standing() == .ready)
        let other = effect(try culprit(child.pid, sockets: [socket.inode + 1]))
        #expect(try other.outcome() == "needless: pid \(child.pid) (sleep) no longer holds the port")
        #expect(runs(child.pid))
        #expect(try holding.outcome().hasPrefix("done: "))
        child.end()
    }

    @Test func `SIGKILL needs a consent of its own`() throws {
        let child = try stubborn()
        let minutes = Minutes()
        let seen = try culprit(child.pid)
        let patience = Interval(microseconds: 50_000)
        #expect(throws: StepFailure.self) { try effect(seen, patience: patience, minutes: minutes).carryOut() }
        #expect(runs(child.pid))
        #expect(minutes.all == ["pid \(child.pid) (sleep) has not ended \(patience.readable) after SIGTERM"])
        let killed = try effect(seen, patience: patience, killing: true).outcome()
        #expect(killed == "done: pid \(child.pid) (sleep) ended on SIGKILL")
        #expect(child.wait() == 128 + 9)
    }
}

@Suite struct ProcessHandleTests {
    @Test func `a handle is of one process, and says when it ended`() throws {
        let child = try ChildProcess(["sleep", "600"])
        guard let handle = try ProcessHandle(child.pid) else {
            Issue.record("the process is not there")
            return
        }
        let endedEarly = try handle.waitForEnd(Interval(microseconds: 1000))
        let sent = try handle.send(.kill)
        let ended = try handle.waitForEnd(.seconds(30))
        #expect([endedEarly, sent, ended] == [false, true, true])
        #expect(child.wait() == 128 + 9)
        // Its number may be anybody's by now: the signal reaches nobody.
        let sentAgain = try handle.send(.kill)
        #expect(!sentAgain)
    }

    @Test func `there is none of a number that nobody has`() throws {
        let child = try ChildProcess(["true"])
        child.wait()
        let isThere = if case .some = try ProcessHandle(child.pid) { true } else { false }
        #expect(!isThere)
    }
}
