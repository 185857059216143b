import Linux
import Synchronization

/// Something that is dear to find out, kept for as long as the files that it depends on stay the same.
final class StampedValue<Value: Sendable>: Sendable {
    private let kept = Mutex<(stamp: FilesStamp, value: Value)?>(nil)

    /// What was found out in this state, or what `find` finds now. A look counts only where nothing moved under it.
    func value(
        stamp: () throws(PackageFault) -> FilesStamp, find: () throws(PackageFault) -> Value
    ) throws(PackageFault) -> Value {
        for _ in 0..<5 {
            let before = try stamp()
            if let kept = kept.withLock({ $0 }), kept.stamp == before { return kept.value }
            let value: Value
            do throws(PackageFault) {
                value = try find()
            } catch {
                if try stamp() != before { continue }
                throw error
            }
            guard try stamp() == before else { continue }
            let isSettled = before.isSettled(at: Clock.wall)
            kept.withLock { $0 = isSettled ? (before, value) : nil }
            return value
        }
        throw .busy
    }
}
