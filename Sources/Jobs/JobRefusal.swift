/// Why a job is not taken, or not changed; nothing has happened then.
public enum JobRefusal: Error, Hashable, Sendable {
    case queueFull(active: Int)
    /// The agent's own package is being replaced.
    case selfUpdateInProgress(JobID)
    /// It can't be replaced beside others.
    case selfUpdateBlocked(active: Int)
    /// A reboot waits or is under way: what would begin now would not end.
    case rebootPending(JobID)
    case rebootBlocked(active: Int)
    /// Packages are being changed, and a reboot now could leave them half-way.
    case mutationInProgress(JobID)
    /// The agent stops: it takes nothing up that it could not follow.
    case stopping
    case notFound
    /// Only what is over can be forgotten.
    case notOver(JobStatus)
    /// Only what has not begun can be called off.
    case begun(JobStatus)
    case notReversible(String)
    case store(JobStoreFault)
}
