import NIOCore
import NIOPosix

/// Runs tasks on an event loop, one after the other.
///
/// Not on Dispatch's threads, where they run by default: once those exist, a watch over them wakes the process up each
/// second for as long as it lives (libdispatch's monitor of its work queues).
final class LoopExecutor: TaskExecutor {
    /// The loop of the agent's own deeds. Connections have another one, so that a slow disk does not hold them up.
    static let shared = LoopExecutor(on: MultiThreadedEventLoopGroup.singleton.any())

    private let loop: any EventLoop

    init(on loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }

    /// Does some work there, later.
    func run(_ work: @escaping @Sendable () -> Void) { loop.execute(work) }

    /// What comes of work that reads files, for a connection that waits for it on a loop of its own.
    func result<Value: Sendable>(of work: @escaping @Sendable () -> Value) -> EventLoopFuture<Value> {
        loop.submit(work)
    }
}
