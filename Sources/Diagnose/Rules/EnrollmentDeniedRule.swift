import Evidence
import Values

/// The manager does not want this host, or says that there is no such request although its time was not over.
struct EnrollmentDeniedRule: Rule {
    let about = RuleInfo(
        "enrollment-denied", .enrollment,
        title: "The manager denied the enrollment",
        meaning: """
            Somebody denied this host's request at the manager. A manager that forgets denied requests only says that \
            there is none: then the request may also have been approved, and its certificates handed out once to \
            somebody who lost them. The agent keeps what it has and asks again only after hours.
            """,
        clearedBy: "No request of this host was denied, or it vanished because its time was over.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        guard let record = try host.openEnrollment() else { return .notApplicable }
        if record.phase == .denied {
            return fails(
                "\(record.managerName.capitalisedFirst) denied the request of \(record.request)\(record.reason)"
                    + host.outlook(of: record) + ".", record, host)
        }
        guard record.phase == .lost, !record.wasLostByTime else {
            return .pass("the manager denied nothing", host.facts(record))
        }
        return fails(
            "\(record.managerName.capitalisedFirst) has no request of \(record.request) any more, before its time was "
                + "over: it was denied, or its certificates were handed out already\(record.reason)"
                + "\(host.outlook(of: record)).",
            record, host,
            missing: [
                Absence("which of the two it was", .notAvailable, why: "the manager gives the same answer to both")
            ])
    }

    private func fails(
        _ words: String, _ record: EnrollmentState, _ host: Snapshot, missing: [Absence] = []
    ) -> Verdict {
        .fail([
            Fault(
                record.subject, words, host.bearing(of: record), confidence: missing.isEmpty ? .conclusive : .probable,
                facts: host.facts(record), missing: missing)
        ])
    }
}
