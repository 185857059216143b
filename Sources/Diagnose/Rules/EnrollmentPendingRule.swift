import Evidence
import Values

/// The manager has this host's request, and a person has to approve it.
struct EnrollmentPendingRule: Rule {
    let about = RuleInfo(
        "enrollment-pending", .enrollment,
        title: "An enrollment waits for approval",
        meaning: """
            The agent registered with its manager and asks it again and again whether somebody approved. Nothing is \
            broken: the service runs, waits, and serves by itself once a person has approved it at the manager. The \
            manager keeps a request for 24 hours.
            """,
        clearedBy: "No enrollment is under way, or the manager has answered it.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        guard let record = try host.openEnrollment() else { return .notApplicable }
        let since = (record.registeredAt ?? record.since).readable
        switch record.phase {
        case .pending where !record.isOver(by: host.now):
            return fails(
                "\(record.request) waits since \(since) for somebody to approve it at \(record.managerName)"
                    + host.outlook(of: record) + ".", record, host)
        case .rateLimited where record.registeredAt != nil && !record.isOver(by: host.now):
            return fails(
                "\(record.request) waits since \(since) for its approval, and \(record.managerName) wants to be asked "
                    + "less often (HTTP 429)\(host.outlook(of: record)).", record, host)
        case .elsewhere:
            let holder = host.enrollment.known?.lock.known?.first.map { "pid \($0.pid)" } ?? "another process"
            return fails(
                "The service waits while \(holder) enrolls this host\(host.outlook(of: record)).", record, host)
        default:
            return .pass("no request waits for approval", host.facts(record))
        }
    }

    private func fails(_ words: String, _ record: EnrollmentState, _ host: Snapshot) -> Verdict {
        let lock = host.enrollment.known?.lock
        let holders = (lock?.known ?? []).map { holder in
            Fact(
                source: lock?.source?.name ?? "/proc/locks", path: nil,
                value: "pid \(holder.pid) holds the enrollment's lock" + (holder.role.map { " as the \($0)" } ?? ""))
        }
        return .fail([
            Fault(record.subject, words, host.bearing(of: record), facts: host.facts(record) + holders)
        ])
    }
}
