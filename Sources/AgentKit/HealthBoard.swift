import Linux
import Synchronization
import Values
import Wire

/// What the health question is answered with: written when something changes, read on each question.
final class HealthBoard: Sendable {
    private let facts = Mutex(HealthData(status: .healthy, uptime: .seconds(0), version: Version.current))

    func update(_ change: (inout sending HealthData) -> Void) { facts.withLock { change(&$0) } }

    /// The facts with what moves by itself filled in: uptime is the host's, as the agents before this one told it.
    var current: HealthData {
        var health = facts.withLock { $0 }
        health.uptime = Interval(microseconds: Int64(clamping: Clock.bootTime))
        if let made = health.crlNextUpdate, made < Clock.wall, health.crlStatus == "valid" { health.crlStatus = "expired" }
        return health
    }
}
