import Synchronization
public import Values

/// From job to job: what is begun next, and what came of what was begun.
extension JobBoard {
    /// After a start: takes up what the database knows as pending or running. What went on meanwhile is seen by `tick`.
    public func resume() throws(JobStoreFault) {
        let active = try store.active()
        state.withLock { $0.active = active }
        executor.forget(allBut: active)
        try prune()
    }

    /// Looks after all that is running, and begins what is due. How long until there is something to look after again;
    /// nil where it takes a new job for that.
    public func tick() -> Interval? {
        var told: [Job] = []
        let next = state.withLock { state in
            for id in state.active.map(\.id) { look(id, &state, &told) }
            begin(&state, &told)
            return pause(state)
        }
        for job in told { changed(job) }
        return next
    }

    private func pause(_ state: State) -> Interval? {
        if state.failures > 0 { return .seconds(5) }
        if state.active.contains(where: { $0.status == .running }) { return Interval(microseconds: 250_000) }
        let due = state.active.compactMap(\.dueAt).min()
        // A clock that is set must not let a job sleep.
        return due.map { min(max($0 - now(), Interval(microseconds: 1000)), .seconds(30)) }
    }

    // MARK: - What is running

    private func look(_ id: JobID, _ state: inout State, _ told: inout [Job]) {
        guard let place = state.active.firstIndex(where: { $0.id == id }) else { return }
        let job = state.active[place]
        if let ended = job.outlivedByBoot(now: bootID, at: now()) {
            finish(ended, &state, &told)
            return
        }
        guard job.status == .running else { return }
        switch executor.look(job) {
        case .notBegun:
            // It was to be begun when the agent ended. To begin twice is the executor's to prevent.
            if let fault = beginAgain(job, &state) { finish(job.ended(fault, at: now()), &state, &told) }
        case .running(let progress, let message):
            guard progress != job.progress || message != job.message else { return }
            state.active[place].progress = min(max(progress, job.progress), 99)
            state.active[place].message = message
            told.append(state.active[place])
        case .over(let end):
            var ended = job
            ended.changes = end.changes
            ended.exitStatus = end.exitStatus
            ended.message = end.summary
            finish(ended.ended(end.fault, at: now()), &state, &told)
        case .cut(let words):
            let code = job.bootID == bootID ? JobFault.interrupted : JobFault.rebooted
            finish(job.ended(JobFault(code: code, message: words), at: now()), &state, &told)
        }
    }

    /// Has it begin once more, with a pause that doubles each time; its fault where that makes no sense any more.
    private func beginAgain(_ job: Job, _ state: inout State) -> JobFault? {
        var beginning = state.beginnings[job.id] ?? State.Beginning()
        let now = now()
        // A clock that was set back does not make it wait.
        let longest = Interval.seconds(1 << Int64(beginning.count))
        guard now >= beginning.next || beginning.next > now + longest else { return nil }
        beginning.count += 1
        guard beginning.count <= Self.beginnings else {
            return JobFault(
                code: JobFault.packageManager,
                message: "the process that is to do it ends before it begins, \(Self.beginnings) times in a row: "
                    + "'linux-patch-api --version' may tell why, or the journal")
        }
        beginning.next = now + Interval.seconds(1 << Int64(beginning.count - 1))
        state.beginnings[job.id] = beginning
        return executor.begin(job)
    }

    /// Writes down what came of it, and then forgets what the executor has of it. Where the database does not take it,
    /// the job stays as it was, and is looked at again.
    private func finish(_ job: Job, _ state: inout State, _ told: inout [Job]) {
        var job = job
        if job.status != .cancelled, job.startedAt != nil { job.output = output(of: job) }
        let reboot = job.followingReboot(at: now(), bootID: bootID).flatMap { executor.isRebootNeeded ? $0 : nil }
        do throws(JobStoreFault) {
            try store.update(job, adding: reboot)
        } catch {
            state.failures += 1
            return
        }
        state.failures = 0
        state.beginnings[job.id] = nil
        state.active.removeAll { $0.id == job.id }
        executor.forget(job)
        told.append(job)
        if let reboot {
            state.active.append(reboot)
            told.append(reboot)
        }
        try? prune()
    }

    // MARK: - What is next

    private func begin(_ state: inout State, _ told: inout [Job]) {
        guard !state.isStopping, let place = next(state) else { return }
        var job = state.active[place]
        job.status = .running
        job.startedAt = now()
        job.bootID = bootID
        job.message = Job.starting
        // First the word, then the deed: what is begun is known to have been begun.
        guard (try? store.update(job)) != nil else { return state.failures += 1 }
        state.failures = 0
        state.active[place] = job
        told.append(job)
        state.beginnings[job.id] = State.Beginning(count: 1, next: now() + .seconds(1))
        if let fault = executor.begin(job) { finish(job.ended(fault, at: now()), &state, &told) }
    }

    /// The place of the job whose turn it is.
    private func next(_ state: State) -> Int? {
        let now = now()
        if let place = state.active.firstIndex(where: { !$0.isMutation && $0.status == .pending }) {
            guard case .reboot(let order) = state.active[place].work else { return nil }
            let isBusy = state.active.contains { $0.status == .running }
            // Nothing is begun that a reboot would cut off.
            let isDue = state.active[place].dueAt.map { $0 <= now } ?? true
            return isDue && (!isBusy || order.force) ? place : nil
        }
        guard !state.active.contains(where: { $0.status == .running }) else { return nil }
        return state.active.firstIndex { $0.status == .pending }
    }

    private func prune() throws(JobStoreFault) {
        let limits = limits.withLock { $0 }
        let oldest = now() + Interval(microseconds: -limits.rememberedFor.microseconds)
        try store.prune(completedBefore: oldest, keeping: limits.remembered)
    }
}

extension Job {
    fileprivate func ended(_ fault: JobFault?, at time: WallTime) -> Job {
        var job = self
        job.end(fault == nil ? .completed : .failed, fault, at: time)
        return job
    }

    /// A reboot is done once the host runs another boot than the one that it was asked for in, whoever brought that about.
    fileprivate func outlivedByBoot(now bootID: String, at time: WallTime) -> Job? {
        guard case .reboot = work, let old = self.bootID, old != bootID else { return nil }
        var job = self
        job.message = "the host was booted again"
        job.end(.completed, nil, at: time)
        return job
    }

    /// What a patch run that may end with a reboot is followed by.
    fileprivate func followingReboot(at time: WallTime, bootID: String) -> Job? {
        guard let rebootDelay, status == .completed else { return nil }
        var reboot = Job(
            .reboot, .reboot(RebootOrder()), requester: requester, requestID: requestID, at: time,
            dueAt: time + rebootDelay)
        reboot.bootID = bootID
        reboot.message = "after job \(id), at \((time + rebootDelay).readable)"
        return reboot
    }
}
