import NIOCore
import NIOPosix
import Synchronization

/// What waits for a package manager's programs, seconds perhaps: on a thread of its own, one thing after the other, so
/// that neither connections nor jobs stand behind it. The thread is made when it is first needed.
final class SlowWork: Sendable {
    static let shared = SlowWork()

    private let pool = Mutex<NIOThreadPool?>(nil)

    func result<Value: Sendable>(of work: @escaping @Sendable () -> Value) -> EventLoopFuture<Value> {
        let pool = pool.withLock { pool in
            if let pool { return pool }
            let made = NIOThreadPool(numberOfThreads: 1)
            made.start()
            pool = made
            return made
        }
        return pool.runIfActive(eventLoop: MultiThreadedEventLoopGroup.singleton.any(), work)
    }
}
