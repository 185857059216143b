import CLinux

/// Blocking work on several threads at once.
///
/// Threads of our own rather than tasks: system calls that wait for the kernel would starve Swift's cooperative pool,
/// which has no more threads than there are processors.
enum WorkCrew {
    /// As many as there are processors this process may run on, within reason.
    static var size: Int { Int(max(1, min(cl_processors(), 32))) }

    /// Calls `work` on `count` threads, this one among them, and returns when all are done. Where the host refuses
    /// another thread fewer take part, so each must take its share from a common store.
    static func run(_ count: Int, _ work: @escaping @Sendable () -> Void) {
        let share = Share(work)
        var threads: [pthread_t] = []
        for _ in 1..<max(1, count) {
            var thread = pthread_t()
            let argument = unsafe Unmanaged.passRetained(share).toOpaque()
            let failed = unsafe pthread_create(
                &thread, nil,
                { argument in
                    if let argument = unsafe argument {
                        unsafe Unmanaged<Share>.fromOpaque(argument).takeRetainedValue().work()
                    }
                    return nil
                }, argument)
            guard failed == 0 else {
                unsafe Unmanaged.passUnretained(share).release()
                break
            }
            threads.append(thread)
        }
        work()
        for thread in threads { _ = pthread_join(thread, nil) }
    }

    private final class Share: Sendable {
        let work: @Sendable () -> Void
        init(_ work: @escaping @Sendable () -> Void) { self.work = work }
    }
}
