import Evidence
import Systemd
import TestKit
import Testing
import Values

@testable import Observe

@Suite struct WatchTests {
    private static let start = WallTime.at("2026-05-28T18:00:00Z")

    /// A moment of a unit, so many seconds on.
    private func moment(
        _ seconds: Int64, _ active: String, _ sub: String, run: Int, restarts: UInt32 = 0, pid: Int32 = 0,
        result: String = "success", exec: Int64? = nil, exit: Int64? = nil
    ) -> UnitMoment {
        var look = UnitLook(time: Self.start + .seconds(seconds), monotonic: UInt64(seconds + 100) * 1_000_000)
        (look.activeState, look.subState, look.result) = (active, sub, result)
        look.invocationID = "run-\(run)"
        (look.nRestarts, look.mainPID) = (restarts, pid)
        look.restartInterval = .seconds(5)
        (look.execMainCode, look.execMainStatus) = exit == nil ? (0, 0) : (1, 1)
        look.execMainPID = pid
        var moment = UnitMoment(look)
        if let exec {
            moment.look.execMainStart = Self.start + .seconds(exec)
            moment.execStart = UInt64(exec + 100) * 1_000_000
        }
        if let exit {
            moment.look.execMainExit = Self.start + .seconds(exit)
            moment.execExit = UInt64(exit + 100) * 1_000_000
        }
        return moment
    }

    private func told(_ moments: UnitMoment...) -> [String] {
        var course = UnitCourse()
        return moments.flatMap { course.take($0) }.map { news in
            switch news {
            case .running(let attempt): "running \(attempt.pid)"
            case .began(let attempt): "began \(attempt.number) \(attempt.pid)"
            case .ended(let attempt, let next):
                "ended \(attempt.number) \(attempt.ran?.readable ?? "?") \(attempt.result) \(attempt.ending) "
                    + (next?.readable ?? "never")
            case .missed(let count): "missed \(count)"
            case .rests(let look): "rests \(look.activeState)"
            }
        }
    }

    @Test func `an attempt reaches from exec to exit, and the next try is told`() {
        let words = told(
            moment(0, "activating", "auto-restart", run: 1, restarts: 4, result: "exit-code", exec: -6, exit: -5),
            moment(5, "active", "running", run: 2, restarts: 5, pid: 42, exec: 5),
            moment(7, "activating", "auto-restart", run: 2, restarts: 5, result: "exit-code", exec: 5, exit: 7))
        #expect(words == ["began 1 42", "ended 1 2 s exit-code exited 1 5 s"])
    }

    @Test func `an attempt that systemd tells of in one go has both its ends`() {
        let words = told(
            moment(0, "activating", "auto-restart", run: 1, restarts: 4, result: "exit-code", exec: -6, exit: -5),
            moment(6, "activating", "auto-restart", run: 2, restarts: 5, result: "exit-code", exec: 5, exit: 6))
        #expect(words == ["began 1 0", "ended 1 1 s exit-code exited 1 5 s"])
    }

    @Test func `a new process in the state of before is a beginning and no end`() {
        let words = told(
            moment(0, "activating", "auto-restart", run: 1, restarts: 4, result: "exit-code", exec: -6, exit: -5),
            moment(5, "activating", "auto-restart", run: 2, restarts: 5, pid: 42, exec: 5),
            moment(5, "active", "running", run: 2, restarts: 5, pid: 42, exec: 5),
            moment(7, "activating", "auto-restart", run: 2, restarts: 5, result: "exit-code", exec: 5, exit: 7))
        #expect(words == ["began 1 42", "ended 1 2 s exit-code exited 1 5 s"])
    }

    @Test func `of an attempt that was under way when systemd was lost nobody says that it ended well`() {
        let words = told(
            moment(0, "activating", "auto-restart", run: 1, restarts: 4, result: "exit-code", exec: -6, exit: -5),
            moment(5, "active", "running", run: 2, restarts: 5, pid: 42, exec: 5),
            moment(11, "active", "running", run: 4, restarts: 7, pid: 44, exec: 11))
        #expect(words == ["began 1 42", "ended 1 6 s unknown its end was not seen never", "missed 1", "began 2 44"])
    }

    @Test func `what systemd told before it was asked does not bring back what is over`() {
        func told(state: UInt64? = nil, start: UInt64? = nil, exit: UInt64? = nil) -> BusProperties {
            let all = [
                ("StateChangeTimestampMonotonic", state), ("ExecMainStartTimestampMonotonic", start),
                ("ExecMainExitTimestampMonotonic", exit),
            ]
            return BusProperties(
                all.compactMap { name, time in
                    time.map { BusProperty(name, signature: "t", value: .unsigned($0)) }
                })
        }
        var properties = UnitProperties()
        func isNews(_ change: BusProperties) -> Bool { properties.take(change: change) }
        properties.take(told(state: 50, start: 40, exit: 49))
        #expect(!isNews(told(start: 30, exit: 31)))
        #expect(!isNews(told(state: 45)))
        #expect(!isNews(told(start: 40, exit: 0)))
        #expect(properties.moment(at: Self.start, 0).execExit == 49)
        #expect(isNews(told(start: 60, exit: 0)))
        #expect(isNews(told(state: 60)))
        // Unloaded and loaded again.
        #expect(isNews(told(state: 0, start: 0, exit: 0)))
    }

    @Test func `a start that fails before its main process does not borrow the exit of the one before`() {
        let words = told(
            moment(0, "activating", "auto-restart", run: 1, restarts: 4, result: "exit-code", exec: -6, exit: -5),
            moment(5, "activating", "start-pre", run: 2, restarts: 5, exec: -6, exit: -5),
            moment(6, "activating", "auto-restart", run: 2, restarts: 5, result: "exit-code", exec: -6, exit: -5))
        #expect(words == ["began 1 0", "ended 1 1 s exit-code exit-code 5 s"])
    }

    @Test func `attempts between two news are counted by systemd's counter`() {
        let words = told(
            moment(0, "activating", "auto-restart", run: 1, restarts: 4, result: "exit-code", exec: -6, exit: -5),
            moment(9, "active", "running", run: 9, restarts: 8, pid: 50, exec: 9))
        #expect(words == ["missed 3", "began 1 50"])
    }

    @Test func `a unit that runs already is no beginning, and one that fails for good comes to rest`() {
        let words = told(
            moment(0, "active", "running", run: 1, pid: 9, exec: -60),
            moment(3, "failed", "failed", run: 1, result: "start-limit-hit", exec: -60, exit: 3))
        #expect(words == ["running 9", "ended 1 1 min 3 s start-limit-hit exited 1 never", "rests failed"])
    }

    @Test func `a refused start is a stop first and a failure then`() {
        let words = told(
            moment(0, "activating", "auto-restart", run: 1, restarts: 4, result: "exit-code", exec: -6, exit: -5),
            moment(5, "inactive", "dead", run: 1, restarts: 5, result: "exit-code", exec: -6, exit: -5),
            moment(5, "failed", "failed", run: 1, restarts: 5, result: "start-limit-hit", exec: -6, exit: -5),
            moment(6, "failed", "failed", run: 1, restarts: 5, result: "start-limit-hit", exec: -6, exit: -5))
        #expect(words == ["rests inactive", "rests failed"])
    }

    @Test func `a day of attempts with ever other words stays small and is counted whole`() {
        var tally = WatchTally(began: Self.start)
        for number in 1...20_000 {
            var attempt = WatchedAttempt.bind(number)
            if number % 2 == 0 { attempt.signature = "reason \(number)" }
            tally.take(WatchEvent(.attemptEnded(attempt, next: nil), at: Self.start))
            tally.take(
                WatchEvent(
                    .portHeld(WatchedHolder(address: "::", inode: UInt64(number), process: nil, seen: Self.start)),
                    at: Self.start))
        }
        tally.take(WatchEvent(.ended(.terminated), at: Self.start + .seconds(86400)))
        let fact = tally.fact
        #expect(fact.attempts == 20_000)
        #expect(fact.patterns.count == WatchFact.patternLimit)
        #expect(fact.patterns[0].count == 10_000)
        #expect(fact.patterns.map(\.count).reduce(0, +) + fact.otherAttempts == 20_000)
        #expect(fact.holders.count == WatchFact.holderLimit)
        #expect(fact.holders.count + fact.otherHolders == 20_000)
        #expect(fact.kept.first?.number == 1 && fact.kept.last?.number == 20_000)
        #expect(fact.kept.count < 100)
    }

    @Test func `a holder that left is known to be gone, and one that stayed was there to the end`() {
        var tally = WatchTally(began: Self.start)
        let stays = WatchedHolder(address: "::", inode: 2, process: nil, seen: Self.start)
        tally.take(WatchEvent(.portHeld(.enrollment), at: Self.start))
        tally.take(WatchEvent(.portHeld(stays), at: Self.start))
        tally.take(WatchEvent(.portLeft(.enrollment), at: Self.start + .seconds(1)))
        tally.take(WatchEvent(.ended(.attempts), at: Self.start + .seconds(9)))
        #expect(tally.fact.holders.map(\.isGone) == [true, false])
        #expect(tally.fact.holders[1].last == Self.start + .seconds(9))
    }

    @Test func `of many lines the first and the last are kept, in their order`() {
        var lines = KeptLines(head: 2, tail: 3)
        for number in 1...9 { lines.append(Array("\(number)".utf8)) }
        #expect(String(decoding: lines.content, as: UTF8.self) == "1\n2\n7\n8\n9\n")
        #expect(lines.leftOut == 4)
    }
}
