import Evidence
import Values

/// The manager knows another host, or this one from before, by the same name, address or machine id.
struct EnrollmentConflictRule: Rule {
    let about = RuleInfo(
        "enrollment-conflict", .enrollment,
        title: "The manager knows this host already",
        meaning: """
            A host with this name, address or machine id is enrolled at the manager (HTTP 409), or has a request there \
            whose token this host lacks. It may be this very host from before a re-installation, or another one that was \
            cloned from the same image. Only a person at the \
            manager can tell; the agent waits and asks again after hours.
            """,
        clearedBy: "The manager did not call this host a conflict.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        guard let record = try host.openEnrollment() else { return .notApplicable }
        guard record.phase == .conflict else {
            return .pass("the manager sees no conflict", host.facts(record))
        }
        return .fail([
            Fault(
                record.subject,
                "\(record.managerName.capitalisedFirst) already has a host or a request like \(record.request)"
                    + "\(record.reason)\(host.outlook(of: record)).", host.bearing(of: record),
                facts: host.facts(record))
        ])
    }
}
