import NIOCore
import NIOPosix
import Synchronization
import Values

/// Wakes who sleeps: a reload of the service, or a command, asks a waiting enrollment to try now.
public final class Doorbell: Sendable {
    private struct State {
        var isRung = false
        var sleeper: EventLoopPromise<Void>?
    }

    private let state = Mutex(State())

    public init() {}

    /// A ring while nobody sleeps is kept for the next sleep.
    public func ring() {
        state.withLock {
            $0.isRung = true
            $0.sleeper?.succeed()
        }
    }

    /// Sleeps by a clock that nobody sets; true where a ring ended it. Returns at once where the task is cancelled.
    ///
    /// On an event loop's timer: the first Task.sleep of a process starts a watch over Dispatch's threads that wakes up
    /// each second for ever.
    func sleep(for span: Interval) async -> Bool {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let sleeper = loop.makePromise(of: Void.self)
        let timer = loop.scheduleTask(in: .microseconds(max(0, span.microseconds))) { sleeper.succeed() }
        let isRung = state.withLock {
            $0.sleeper = sleeper
            return $0.isRung
        }
        if isRung { sleeper.succeed() }
        await withTaskCancellationHandler {
            try? await sleeper.futureResult.get()
        } onCancel: {
            sleeper.succeed()
        }
        timer.cancel()
        return state.withLock { state in
            defer { state = State() }
            return state.isRung
        }
    }
}
