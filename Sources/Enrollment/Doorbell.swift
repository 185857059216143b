import Synchronization
import Values

/// Wakes who sleeps: a reload of the service, or a command, asks a waiting enrollment to try now.
public final class Doorbell: Sendable {
    private struct State {
        var isRung = false
        var sleeper: Task<Void, Never>?
    }

    private let state = Mutex(State())

    public init() {}

    /// A ring while nobody sleeps is kept for the next sleep.
    public func ring() {
        state.withLock {
            $0.isRung = true
            $0.sleeper?.cancel()
        }
    }

    /// Sleeps by a clock that nobody sets; true where a ring ended it. Returns at once where the task is cancelled.
    func sleep(for span: Interval) async -> Bool {
        let sleeper = Task<Void, Never> { try? await Task.sleep(for: .microseconds(span.microseconds)) }
        let isRung = state.withLock {
            $0.sleeper = sleeper
            return $0.isRung
        }
        if isRung { sleeper.cancel() }
        await withTaskCancellationHandler {
            await sleeper.value
        } onCancel: {
            sleeper.cancel()
        }
        return state.withLock { state in
            defer { state = State() }
            return state.isRung
        }
    }
}
