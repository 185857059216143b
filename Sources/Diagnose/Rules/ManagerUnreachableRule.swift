import Evidence
import Values

/// The manager gives no answer that makes sense.
struct ManagerUnreachableRule: Rule {
    let about = RuleInfo(
        "manager-unreachable", .enrollment,
        title: "The manager can't be reached",
        meaning: """
            The agent asks its manager for certificates and gets no answer that makes sense: its name is unknown, nobody \
            answers, the connection breaks, or what answers is no manager. The agent tries again by itself, with growing \
            pauses.
            """,
        clearedBy: "The manager answered the last question, or nothing is asked of it.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        guard let record = try host.openEnrollment() else { return .notApplicable }
        let isTurnedAway = record.phase == .rateLimited && record.registeredAt == nil
        guard record.phase == .unreachable || isTurnedAway else {
            return .pass("the manager answered", host.facts(record))
        }
        let what = isTurnedAway ? "takes no more questions for now (HTTP 429)" : "could not be asked"
        return .fail([
            Fault(
                record.subject,
                "\(record.managerName.capitalisedFirst) \(what)\(record.reason), since \(record.since.readable)"
                    + "\(host.outlook(of: record)).", host.bearing(of: record), facts: host.facts(record))
        ])
    }
}
