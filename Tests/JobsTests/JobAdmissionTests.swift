import Jobs
import Packages
import Testing
import Values

@Suite struct JobAdmissionTests {
    @Test func `the same request again is answered with the job that there is`() throws {
        let stage = try Stage()
        let job = try stage.board.accept(stage.patch())
        #expect(try stage.board.accept(stage.patch()).id == job.id)
        _ = stage.board.tick()
        #expect(try stage.board.accept(stage.patch()).id == job.id)
        stage.script.see(.over(JobEnd(summary: "done")), of: job)
        _ = stage.board.tick()
        stage.around.pass(.seconds(3599))
        #expect(try stage.board.accept(stage.patch()).id == job.id)
        stage.around.pass(.seconds(2))
        #expect(try stage.board.accept(stage.patch()).id != job.id)
    }

    @Test func `what was taken back is done anew when asked for again`() throws {
        let stage = try Stage()
        let job = try stage.board.accept(stage.patch())
        _ = stage.board.tick()
        let change = PackageChange(
            try #require(PackageName("libc6")), architecture: "amd64", from: PackageVersion("1"),
            to: PackageVersion("2"))
        stage.script.see(.over(JobEnd(changes: [change], summary: "done")), of: job)
        _ = stage.board.tick()
        #expect(try stage.board.accept(stage.patch()).id == job.id)
        _ = try stage.board.rollback(of: job.id, requester: "ops", requestID: "r")
        let again = try stage.board.accept(stage.patch())
        #expect(again.id != job.id)
        #expect(try stage.board.accept(stage.patch()).id == again.id)
    }

    @Test func `a request that failed may be tried again, and another delay is another request`() throws {
        let stage = try Stage()
        let job = try stage.board.accept(stage.patch())
        #expect(try stage.board.accept(stage.patch(rebootAfter: .seconds(60))).id != job.id)
        _ = stage.board.tick()
        stage.script.see(.over(JobEnd(fault: JobFault(code: "TIMEOUT", message: "late"), summary: "")), of: job)
        _ = stage.board.tick()
        #expect(try stage.board.accept(stage.patch()).id != job.id)
    }

    @Test func `an install that is done is done again when asked for again`() throws {
        let stage = try Stage()
        let job = try stage.board.accept(stage.install())
        #expect(try stage.board.accept(stage.install()).id == job.id)
        _ = stage.board.tick()
        stage.script.see(.over(JobEnd(summary: "done")), of: job)
        _ = stage.board.tick()
        #expect(try stage.board.accept(stage.install()).id != job.id)
    }

    @Test func `no more are taken than may wait`() throws {
        var limits = JobLimits()
        limits.queued = 2
        let stage = try Stage(limits)
        _ = try stage.board.accept(stage.install("a1"))
        _ = try stage.board.accept(stage.install("b1"))
        #expect(throws: JobRefusal.queueFull(active: 2)) { try stage.board.accept(stage.install("c1")) }
    }

    @Test func `nothing is taken beside a replacement of the agent, and that one beside nothing`() throws {
        let stage = try Stage()
        let job = try stage.board.accept(stage.install())
        #expect(throws: JobRefusal.selfUpdateBlocked(active: 1)) { try stage.board.accept(stage.selfUpdate()) }
        _ = try stage.board.cancel(job.id, by: "ops")
        let update = try stage.board.accept(stage.selfUpdate())
        #expect(throws: JobRefusal.selfUpdateInProgress(update.id)) { try stage.board.accept(stage.install()) }
        #expect(throws: JobRefusal.selfUpdateInProgress(update.id)) {
            try stage.board.accept(stage.reboot(force: true, risk: true))
        }
    }

    @Test func `a stopping agent takes and begins nothing`() throws {
        let stage = try Stage()
        _ = try stage.board.accept(stage.install("a1"))
        stage.board.stop()
        #expect(throws: JobRefusal.stopping) { try stage.board.accept(stage.install("b1")) }
        _ = stage.board.tick()
        #expect(stage.script.begun.isEmpty)
    }
}

@Suite struct RebootAdmissionTests {
    @Test func `a reboot is refused while jobs wait or run, unless forced`() throws {
        let stage = try Stage()
        let job = try stage.board.accept(stage.install())
        #expect(throws: JobRefusal.rebootBlocked(active: 1)) { try stage.board.accept(stage.reboot()) }
        _ = stage.board.tick()
        #expect(throws: JobRefusal.mutationInProgress(job.id)) { try stage.board.accept(stage.reboot(force: true)) }
        let reboot = try stage.board.accept(stage.reboot(force: true, risk: true))
        _ = stage.board.tick()
        #expect(stage.script.begun == [job.id, reboot.id])
    }

    @Test func `what waits at a forced reboot is done after it`() throws {
        var stage = try Stage()
        let waiting = try stage.board.accept(stage.install())
        let reboot = try stage.board.accept(stage.reboot(force: true))
        _ = stage.board.tick()
        #expect(stage.script.begun == [reboot.id])
        try stage.restart(boot: "boot-2")
        _ = stage.board.tick()
        #expect(try stage.status(reboot) == .completed)
        #expect(stage.script.begun == [reboot.id, waiting.id])
    }

    @Test func `no force ends a rollback or a replacement of the agent`() throws {
        let stage = try Stage()
        _ = try stage.board.accept(stage.selfUpdate())
        #expect(throws: (any Error).self) { try stage.board.accept(stage.reboot(force: true, risk: true)) }
    }

    @Test func `a reboot waits for its time, and is known to be done by the boot that follows`() throws {
        var stage = try Stage()
        let reboot = try stage.board.accept(stage.reboot(in: .seconds(60)))
        #expect(try #require(stage.board.tick()) <= .seconds(60))
        #expect(stage.script.begun.isEmpty)
        stage.around.pass(.seconds(60))
        _ = stage.board.tick()
        #expect(stage.script.begun == [reboot.id])
        // The agent alone was restarted: the host is still on its way down.
        try stage.restart()
        _ = stage.board.tick()
        #expect(try stage.status(reboot) == .running)
        try stage.restart(boot: "boot-2")
        _ = stage.board.tick()
        #expect(try stage.status(reboot) == .completed)
    }

    @Test func `a reboot that somebody else was faster with is done, and is not done again`() throws {
        var stage = try Stage()
        let reboot = try stage.board.accept(stage.reboot(in: .seconds(600)))
        try stage.restart(boot: "boot-2")
        stage.around.pass(.seconds(600))
        _ = stage.board.tick()
        #expect(try stage.status(reboot) == .completed)
        #expect(stage.script.begun.isEmpty)
    }

    @Test func `a manager that asks again after the reboot does not get another one`() throws {
        var stage = try Stage()
        let reboot = try stage.board.accept(stage.reboot())
        _ = stage.board.tick()
        try stage.restart(boot: "boot-2")
        _ = stage.board.tick()
        #expect(try stage.board.accept(stage.reboot()).id == reboot.id)
        _ = stage.board.tick()
        #expect(stage.script.begun == [reboot.id])
    }

    @Test func `once a reboot waits nothing else is taken until it is called off`() throws {
        let stage = try Stage()
        let reboot = try stage.board.accept(stage.reboot(in: .seconds(600)))
        #expect(throws: JobRefusal.rebootPending(reboot.id)) { try stage.board.accept(stage.install()) }
        _ = try stage.board.cancel(reboot.id, by: "ops")
        _ = try stage.board.accept(stage.install())
    }

    @Test(arguments: [true, false])
    func `a patch run that may reboot does so only where something waits for it`(isNeeded: Bool) throws {
        var stage = try Stage()
        let patch = try stage.board.accept(stage.patch(rebootAfter: .seconds(60)))
        _ = stage.board.tick()
        if isNeeded { stage.script.needReboot() }
        stage.script.see(.over(JobEnd(summary: "3 upgraded")), of: patch)
        _ = stage.board.tick()
        #expect(stage.board.active.map(\.operation) == (isNeeded ? [.reboot] : []))
        try stage.restart()
        stage.around.pass(.seconds(60))
        _ = stage.board.tick()
        #expect(stage.script.begun.count == (isNeeded ? 2 : 1))
    }

    @Test func `a patch run that failed is not followed by a reboot`() throws {
        let stage = try Stage()
        let patch = try stage.board.accept(stage.patch(rebootAfter: .seconds(60)))
        _ = stage.board.tick()
        stage.script.needReboot()
        let fault = JobFault(code: "PKG_MANAGER_ERROR", message: "dpkg")
        stage.script.see(.over(JobEnd(fault: fault, summary: "")), of: patch)
        _ = stage.board.tick()
        #expect(stage.board.active.isEmpty)
    }
}
