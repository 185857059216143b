import Synchronization

/// Lets one of many pass until that one has been seen to: a storm of signals is as good as one of them.
final class Latch: Sendable {
    private let isTaken = Mutex(false)

    /// Whether nobody else passed since the last release.
    func take() -> Bool {
        isTaken.withLock { taken in
            defer { taken = true }
            return !taken
        }
    }

    func release() { isTaken.withLock { $0 = false } }
}
