import Evidence
import Values

/// Nobody approved the request in the time that the manager keeps it.
struct EnrollmentExpiredRule: Rule {
    let about = RuleInfo(
        "enrollment-expired", .enrollment,
        title: "The enrollment's time is over",
        meaning: """
            The manager keeps a request for 24 hours; this one was not approved in time, and its polling token is dead. \
            A running agent registers anew after a while; an enrollment that nobody works on has to be started again.
            """,
        clearedBy: "No request of this host outlived its time at the manager.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        guard let record = try host.openEnrollment() else { return .notApplicable }
        let lost = record.phase == .lost && record.wasLostByTime
        let waited = [.pending, .rateLimited].contains(record.phase) && record.isOver(by: host.now)
        guard lost || waited else { return .pass("no request is past its time", host.facts(record)) }
        let when = record.expiresAt.map { " on \($0.readable)" } ?? ""
        return .fail([
            Fault(
                record.subject,
                "The request of \(record.request) at \(record.managerName) ended\(when) without an approval"
                    + "\(host.outlook(of: record)).", host.bearing(of: record),
                facts: host.facts(record) + host.clockFacts)
        ])
    }
}
