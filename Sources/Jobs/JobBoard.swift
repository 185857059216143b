import Packages
import Synchronization
public import Values

/// All jobs of this host: takes them in, has one after the other carried out, and knows how each one is.
///
/// What it was asked for and what came of it is on the disk before anybody is told. It follows what goes on outside of
/// this process, so that a job does not end with the agent: after a start, `resume` takes up again what it finds. Its
/// calls wait for the disk and are for one thread.
public final class JobBoard: Sendable {
    let store: JobStore
    let executor: any JobExecutor
    let bootID: String
    let limits: Mutex<JobLimits>
    let now: @Sendable () -> WallTime
    let changed: @Sendable (Job) -> Void
    let state = Mutex(State())

    struct State {
        /// Pending and running, the oldest first; what the database has of them, and their progress besides.
        var active: [Job] = []
        var isStopping = false
        /// How often the database would not take what came of a job.
        var failures = 0
        /// Of running jobs that did not begin yet: how often they were to, and when they are to again.
        var beginnings: [JobID: Beginning] = [:]

        struct Beginning {
            var count = 0
            var next = WallTime(microseconds: .min)
        }
    }

    /// So often a job's process may end before it marked its beginning: with a pause that doubles, a minute.
    static let beginnings = 7

    /// `bootID` names this boot of the host; `changed` is called after each step of a job, on the calling thread.
    public init(
        store: JobStore, executor: any JobExecutor, bootID: String, limits: JobLimits = JobLimits(),
        now: @escaping @Sendable () -> WallTime, changed: @escaping @Sendable (Job) -> Void
    ) {
        self.store = store
        self.executor = executor
        self.bootID = bootID
        self.limits = Mutex(limits)
        self.now = now
        self.changed = changed
    }

    public func set(_ limits: JobLimits) { self.limits.withLock { $0 = limits } }

    // MARK: - Taking in

    /// Writes the job down and has it done when its turn has come. A request for the same that is not over, or was
    /// completed just now, is answered with the job that there is.
    public func accept(_ job: Job) throws(JobRefusal) -> Job {
        var job = job
        let limits = limits.withLock { $0 }
        job.bootID = bootID
        let accepted = try locked { state throws(JobRefusal) in
            if let same = try same(as: job, limits) { return state.active.first { $0.id == same.id } ?? same }
            if let refusal = JobAdmission.refusal(of: job, active: state.active, limits, isStopping: state.isStopping) {
                throw refusal
            }
            try stored { () throws(JobStoreFault) in try store.add(job) }
            state.active.append(job)
            return job
        }
        if accepted.id == job.id { changed(accepted) }
        return accepted
    }

    private func same(as job: Job, _ limits: JobLimits) throws(JobRefusal) -> Job? {
        guard job.operation != .rollback else { return nil }
        let since =
            job.operation.isDoneOnce
            ? now() + Interval(microseconds: -limits.sameFor.microseconds) : WallTime(microseconds: .max)
        return try stored { () throws(JobStoreFault) in try store.alike(job, completedAfter: since, now: now()) }
    }

    /// The job that takes another one back: each package gets the version that it had before.
    public func rollback(of id: JobID, requester: String, requestID: String) throws(JobRefusal) -> Job {
        guard let original = try job(id) else { throw .notFound }
        guard original.status.isOver else {
            throw .notReversible("job \(id) is not over: it is \(original.status.rawValue)")
        }
        guard original.isMutation else {
            throw .notReversible("job \(id) changed no packages: it is a \(original.operation.rawValue)")
        }
        guard !original.changes.isEmpty else {
            let wasCut = [JobFault.interrupted, JobFault.rebooted].contains(original.fault?.code)
            throw .notReversible(
                wasCut
                    ? "job \(id) was cut off, and what it had changed by then is not known: see the package manager's own log"
                    : "job \(id) changed nothing")
        }
        let order = PackageOrder(.restore, original.changes.map(PackageOrder.Wanted.init(takingBack:)))
        return try accept(
            Job(
                .rollback, .packages(order), requester: requester, requestID: requestID, at: now(),
                isExclusive: true, original: id))
    }

    // MARK: - Asking

    /// As of now; nil where no such job is known.
    public func job(_ id: JobID) throws(JobRefusal) -> Job? {
        if var job = state.withLock({ $0.active.first { $0.id == id } }) {
            if job.status == .running { job.output = output(of: job) }
            return job
        }
        return try stored { () throws(JobStoreFault) in try store.job(id) }
    }

    func output(of job: Job) -> [String] {
        executor.output(of: job, lines: limits.withLock { $0.outputLines })
    }

    /// The newest first.
    public func list(limit: Int, status: JobStatus?) throws(JobRefusal) -> [Job] {
        let active = active
        return try stored { () throws(JobStoreFault) in try store.newest(limit, status: status) }
            .map { job in active.first { $0.id == job.id } ?? job }
    }

    /// The newest one of a kind, over or not.
    public func newest(of operation: JobOperation) throws(JobRefusal) -> Job? {
        if let job = active.last(where: { $0.operation == operation }) { return job }
        return try stored { () throws(JobStoreFault) in try store.newest(of: operation) }
    }

    /// Pending and running, the oldest first.
    public var active: [Job] { state.withLock { $0.active } }

    // MARK: - Changing

    /// Calls off what has not begun.
    public func cancel(_ id: JobID, by requester: String) throws(JobRefusal) -> Job {
        let job = try locked { state throws(JobRefusal) in
            guard let place = state.active.firstIndex(where: { $0.id == id }) else {
                let known = try stored { () throws(JobStoreFault) in try store.job(id) }
                throw known.map { JobRefusal.begun($0.status) } ?? .notFound
            }
            var job = state.active[place]
            guard job.status == .pending else { throw .begun(job.status) }
            job.end(.cancelled, JobFault(code: JobFault.cancelled, message: "called off by \(requester)"), at: now())
            try stored { () throws(JobStoreFault) in try store.update(job) }
            state.active.remove(at: place)
            return job
        }
        changed(job)
        return job
    }

    /// Forgets what is over.
    public func remove(_ id: JobID) throws(JobRefusal) {
        guard let job = try job(id) else { throw .notFound }
        guard job.status.isOver else { throw .notOver(job.status) }
        try stored { () throws(JobStoreFault) in try store.remove(id) }
    }

    /// The agent stops: nothing is begun or taken in any more; what goes on goes on.
    public func stop() { state.withLock { $0.isStopping = true } }

    // MARK: -

    func locked<Result>(_ body: (inout State) throws(JobRefusal) -> Result) throws(JobRefusal) -> Result {
        let outcome: Swift.Result<Result, JobRefusal> = state.withLock { state in
            do throws(JobRefusal) { return .success(try body(&state)) } catch { return .failure(error) }
        }
        return try outcome.get()
    }

    private func stored<Result>(_ body: () throws(JobStoreFault) -> Result) throws(JobRefusal) -> Result {
        do throws(JobStoreFault) { return try body() } catch { throw .store(error) }
    }
}

extension JobOperation {
    /// Asking again soon after it was done does not do it a second time: a manager that lost the answer asks again.
    var isDoneOnce: Bool { self == .patchApply || self == .reboot }
}

extension Job {
    mutating func end(_ status: JobStatus, _ fault: JobFault?, at time: WallTime) {
        self.status = status
        self.fault = fault
        completedAt = time
        if status == .completed { progress = 100 }
        if let fault { message = fault.message }
    }
}
