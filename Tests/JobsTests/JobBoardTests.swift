import Jobs
import Packages
import Testing
import Values

@Suite struct JobBoardTests {
    @Test func `a job begins once, however many steps it tells at no percent`() throws {
        let stage = try Stage()
        let job = try stage.board.accept(stage.install())
        for words in ["starting", "reading the lists", "waiting for the lock"] {
            _ = stage.board.tick()
            stage.script.see(.running(progress: 0, message: words), of: job)
        }
        _ = stage.board.tick()
        #expect(stage.around.told.map(\.message).suffix(2) == ["reading the lists", "waiting for the lock"])
        #expect(stage.around.told.count(where: \.hasJustBegun) == 1)
    }

    @Test func `a job is written down before anybody is told that it was taken`() throws {
        var stage = try Stage()
        let job = try stage.board.accept(stage.install())
        try stage.restart()
        #expect(try stage.status(job) == .pending)
        #expect(stage.board.active.map(\.id) == [job.id])
    }

    @Test func `jobs are done one after the other, in the order in which they were asked for`() throws {
        let stage = try Stage()
        let first = try stage.board.accept(stage.install("first"))
        let second = try stage.board.accept(stage.install("second"))
        _ = stage.board.tick()
        _ = stage.board.tick()
        #expect(stage.script.begun == [first.id])
        stage.script.see(.over(JobEnd(summary: "1 newly installed")), of: first)
        _ = stage.board.tick()
        #expect(stage.script.begun == [first.id, second.id])
        #expect(try stage.status(first) == .completed)
        #expect(try stage.board.job(first.id)?.progress == 100)
    }

    @Test func `after a restart what went on meanwhile is taken up, and nothing is begun twice`() throws {
        var stage = try Stage()
        let job = try stage.board.accept(stage.install())
        _ = stage.board.tick()
        try stage.restart()
        stage.script.see(.running(progress: 40, message: "unpacking"), of: job)
        _ = stage.board.tick()
        #expect(try stage.board.job(job.id)?.progress == 40)
        try stage.restart()
        #expect(stage.script.remembered == [job.id])
        stage.script.see(.over(JobEnd(summary: "done")), of: job)
        _ = stage.board.tick()
        #expect(try stage.status(job) == .completed)
        #expect(stage.script.begun == [job.id])
    }

    @Test func `a job whose launch was not reached before the agent died is begun after the restart`() throws {
        var stage = try Stage()
        let job = try stage.board.accept(stage.install())
        _ = stage.board.tick()
        stage.script.see(.notBegun, of: job)
        try stage.restart()
        _ = stage.board.tick()
        #expect(stage.script.begun == [job.id, job.id])
        #expect(try stage.status(job) == .running)
    }

    @Test(arguments: [("boot-1", "INTERRUPTED"), ("boot-2", "AGENT_REBOOTED")])
    func `what was cut short is said to be, and by what`(boot: String, code: String) throws {
        var stage = try Stage()
        let job = try stage.board.accept(stage.install())
        _ = stage.board.tick()
        try stage.restart(boot: boot)
        stage.script.see(.cut("it ended in the middle"), of: job)
        _ = stage.board.tick()
        let found = try #require(try stage.board.job(job.id))
        #expect(found.status == .failed)
        #expect(found.fault == JobFault(code: code, message: "it ended in the middle"))
        #expect(found.output == ["a line of \(job.id)"])
    }

    @Test func `a job that can't be begun fails with the reason, and the next one has its turn`() throws {
        let stage = try Stage()
        let job = try stage.board.accept(stage.install("first"))
        let next = try stage.board.accept(stage.install("second"))
        stage.script.refuse(JobFault(code: "PKG_MANAGER_ERROR", message: "no unit"))
        _ = stage.board.tick()
        #expect(try stage.board.job(job.id)?.fault?.message == "no unit")
        stage.script.refuse(nil)
        _ = stage.board.tick()
        #expect(stage.script.begun == [next.id])
    }

    @Test func `a process that always ends before it begins is not started for ever`() throws {
        let stage = try Stage()
        let job = try stage.board.accept(stage.install())
        _ = stage.board.tick()
        stage.script.see(.notBegun, of: job)
        for _ in 0..<4000 {
            stage.around.pass(Interval(microseconds: 250_000))
            _ = stage.board.tick()
        }
        #expect(stage.script.begun.count == 7)
        let ended = try stage.board.job(job.id)
        #expect(ended?.status == .failed && ended?.fault?.code == "PKG_MANAGER_ERROR")
        #expect(ended?.fault?.message.contains("before it begins") == true)
    }

    @Test func `what was completed by a clock that was ahead answers no later order`() throws {
        let stage = try Stage()
        stage.around.pass(.seconds(86_400))
        let early = try stage.board.accept(stage.patch())
        _ = stage.board.tick()
        stage.script.see(.over(JobEnd(summary: "")), of: early)
        _ = stage.board.tick()
        #expect(try stage.board.accept(stage.patch()).id == early.id)
        stage.around.pass(.seconds(-86_400))
        #expect(try stage.board.accept(stage.patch()).id != early.id)
    }

    @Test func `a clock that is far ahead makes nobody forget the latest jobs`() throws {
        var stage = try Stage()
        let job = try stage.board.accept(stage.install())
        _ = stage.board.tick()
        stage.script.see(.over(JobEnd(summary: "")), of: job)
        _ = stage.board.tick()
        stage.around.pass(.seconds(10 * 365 * 86_400))
        try stage.restart()
        #expect(try stage.board.job(job.id)?.status == .completed)
    }

    @Test func `a list comes without what is large, a job by itself with it`() throws {
        let stage = try Stage()
        let job = try stage.board.accept(stage.install())
        _ = stage.board.tick()
        let name = try #require(PackageName("hello"))
        let change = PackageChange(name, architecture: "all", from: nil, to: PackageVersion("1"))
        stage.script.see(.over(JobEnd(changes: [change], summary: "")), of: job)
        _ = stage.board.tick()
        let listed = try #require(try stage.board.list(limit: 10, status: nil).first)
        #expect(listed.id == job.id && listed.output.isEmpty && listed.changes.isEmpty)
        let whole = try #require(try stage.board.job(job.id))
        #expect(!whole.output.isEmpty && whole.changes == [change])
        #expect(try stage.board.newest(of: .install)?.changes == [change])
        #expect(try stage.board.newest(of: .selfUpdate) == nil)
    }

    @Test func `whoever follows is told each step once`() throws {
        let stage = try Stage()
        let job = try stage.board.accept(stage.install())
        _ = stage.board.tick()
        stage.script.see(.running(progress: 10, message: "downloading"), of: job)
        _ = stage.board.tick()
        _ = stage.board.tick()
        stage.script.see(.over(JobEnd(summary: "done")), of: job)
        _ = stage.board.tick()
        #expect(stage.around.told.map(\.status) == [.pending, .running, .running, .completed])
        #expect(stage.around.told.map(\.progress) == [0, 0, 10, 100])
    }

    @Test func `progress never goes back, and is not complete before the end`() throws {
        let stage = try Stage()
        let job = try stage.board.accept(stage.install())
        _ = stage.board.tick()
        for (seen, said) in [(60, 60), (20, 60), (100, 99)] {
            stage.script.see(.running(progress: seen, message: "at \(seen)"), of: job)
            _ = stage.board.tick()
            #expect(try stage.board.job(job.id)?.progress == said)
        }
    }

    @Test func `the clock asks again soon while something runs, and not at all when nothing does`() throws {
        let stage = try Stage()
        #expect(stage.board.tick() == nil)
        let job = try stage.board.accept(stage.install())
        #expect(try #require(stage.board.tick()) <= .seconds(1))
        stage.script.see(.over(JobEnd(summary: "done")), of: job)
        #expect(stage.board.tick() == nil)
    }

    @Test func `what has not begun can be called off, what has can't`() throws {
        let stage = try Stage()
        let running = try stage.board.accept(stage.install("first"))
        let waiting = try stage.board.accept(stage.install("second"))
        _ = stage.board.tick()
        #expect(throws: JobRefusal.begun(.running)) { try stage.board.cancel(running.id, by: "ops") }
        let cancelled = try stage.board.cancel(waiting.id, by: "ops")
        #expect(cancelled.status == .cancelled)
        #expect(cancelled.message == "called off by ops")
        #expect(throws: JobRefusal.begun(.cancelled)) { try stage.board.cancel(waiting.id, by: "ops") }
        #expect(throws: JobRefusal.notFound) { try stage.board.cancel(JobID(), by: "ops") }
    }

    @Test func `what is over can be forgotten, what is not can't`() throws {
        let stage = try Stage()
        let job = try stage.board.accept(stage.install())
        #expect(throws: JobRefusal.notOver(.pending)) { try stage.board.remove(job.id) }
        _ = stage.board.tick()
        stage.script.see(.over(JobEnd(summary: "done")), of: job)
        _ = stage.board.tick()
        try stage.board.remove(job.id)
        #expect(throws: JobRefusal.notFound) { try stage.board.remove(job.id) }
    }

    private func finished(_ name: String, on stage: Stage) throws -> Job {
        let job = try stage.board.accept(stage.install(name))
        _ = stage.board.tick()
        stage.script.see(.over(JobEnd(summary: "done")), of: job)
        _ = stage.board.tick()
        return job
    }

    @Test func `of what is over only so many are remembered`() throws {
        var limits = JobLimits()
        limits.remembered = 2
        let stage = try Stage(limits)
        let done = try ["a1", "b1", "c1"].map { try finished($0, on: stage) }
        #expect(try stage.status(done[0]) == nil)
        #expect(try stage.status(done[1]) == .completed)
    }

    @Test func `old jobs are forgotten by age, but for the latest fifty`() throws {
        let stage = try Stage()
        let done = try (0..<52).map { try finished("old\($0)", on: stage) }
        #expect(try stage.board.list(limit: 100, status: nil).count == 52)
        stage.around.pass(.seconds(31 * 86400))
        let last = try finished("new", on: stage)
        let left = try stage.board.list(limit: 100, status: nil).map(\.id)
        #expect(left.count == 50 && left.first == last.id && left.last == done[3].id)
    }
}
