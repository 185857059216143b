import Linux
import Synchronization
import Values
import Wire

/// What the health question is answered with: written when something changes, read on each question.
final class HealthBoard: Sendable {
    /// What the service knows of itself.
    struct Facts: Sendable {
        var crlStatus: String?
        var crlMade: WallTime?
        var crlNextUpdate: WallTime?
        var notAfter: WallTime?
        /// By subject, so that each can be taken back.
        var reasons: [String: String] = [:]
    }

    private let facts = Mutex(Facts())

    func update(_ change: (inout sending Facts) -> Void) { facts.withLock { change(&$0) } }

    /// The facts, with what moves by itself filled in: uptime is the host's, as the agents before this one told it.
    func current(at now: WallTime) -> HealthData {
        let facts = facts.withLock { $0 }
        var health = HealthData(
            status: .healthy, uptime: Interval(microseconds: Int64(clamping: Clock.bootTime)), version: Version.current)
        health.crlStatus = facts.crlStatus
        health.crlNextUpdate = facts.crlNextUpdate
        health.crlAge = facts.crlMade.map { now - $0 }
        if facts.crlStatus == "valid", let end = facts.crlNextUpdate, end < now { health.crlStatus = "expired" }
        if !facts.reasons.isEmpty { health.reasons = facts.reasons.sorted { $0.key < $1.key }.map(\.value) }
        if let end = facts.notAfter, end < now { health.reasons.append("the certificate has expired") }
        if !health.reasons.isEmpty { health.status = .degraded }
        return health
    }
}
