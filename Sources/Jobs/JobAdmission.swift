/// Which jobs go together (the manager's contract): one mutation after the other, nothing beside a replacement of the
/// agent itself, nothing once a reboot was accepted.
enum JobAdmission {
    /// Why the job is not taken now; nil where it is.
    static func refusal(of job: Job, active: [Job], _ limits: JobLimits, isStopping: Bool) -> JobRefusal? {
        if isStopping { return .stopping }
        if let update = active.first(where: { $0.operation == .selfUpdate }) {
            return .selfUpdateInProgress(update.id)
        }
        if let reboot = active.first(where: { !$0.isMutation }) { return .rebootPending(reboot.id) }
        if job.operation == .selfUpdate, !active.isEmpty { return .selfUpdateBlocked(active: active.count) }
        if case .reboot(let order) = job.work, let refusal = refusal(of: order, active) { return refusal }
        if active.count >= limits.queued { return .queueFull(active: active.count) }
        return nil
    }

    private static func refusal(of order: RebootOrder, _ active: [Job]) -> JobRefusal? {
        guard !active.isEmpty else { return nil }
        // What is rolled back or replaced is not to be cut off, whoever insists.
        if !order.force || active.contains(where: \.isExclusive) { return .rebootBlocked(active: active.count) }
        guard !order.acknowledgesRisk else { return nil }
        return active.first { $0.isMutation && $0.status == .running }.map { .mutationInProgress($0.id) }
    }
}
