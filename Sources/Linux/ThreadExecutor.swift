import CLinux

/// Runs each job of a task on a thread of its own.
///
/// For work that waits inside system calls: on Swift's cooperative pool, which has no more threads than processors, one
/// dead network mount would stop everything else, the timer that watches over it included.
public final class ThreadExecutor: TaskExecutor {
    public init() {}

    public func enqueue(_ job: consuming ExecutorJob) {
        let errand = Errand(job: UnownedJob(job), executor: self)
        let argument = unsafe Unmanaged.passRetained(errand).toOpaque()
        var attributes = pthread_attr_t()
        _ = unsafe pthread_attr_init(&attributes)
        _ = unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        defer { _ = unsafe pthread_attr_destroy(&attributes) }
        var thread = pthread_t()
        let failed = unsafe pthread_create(
            &thread, &attributes,
            { argument in
                if let argument = unsafe argument {
                    unsafe Unmanaged<Errand>.fromOpaque(argument).takeRetainedValue().run()
                }
                return nil
            }, argument)
        // Where the host refuses another thread the work is done all the same, on the one that asked.
        if failed != 0 { unsafe Unmanaged<Errand>.fromOpaque(argument).takeRetainedValue().run() }
    }

    private final class Errand: Sendable {
        private let job: UnownedJob
        private let executor: ThreadExecutor

        init(job: UnownedJob, executor: ThreadExecutor) {
            self.job = job
            self.executor = executor
        }

        func run() { unsafe job.runSynchronously(on: executor.asUnownedTaskExecutor()) }
    }
}
