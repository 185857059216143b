import Evidence
import Values

/// The manager delivered certificates that can't be served with.
struct BundleRefusedRule: Rule {
    let about = RuleInfo(
        "bundle-refused", .enrollment,
        title: "The delivered certificates were refused",
        meaning: """
            The manager approved the host and delivered certificates, and the agent's judge refused them before they \
            replaced anything: a key that does not match, a chain that does not end in the delivered CA, wrong dates or a \
            wrong purpose. What the host had before is untouched. The manager hands a bundle out only once, so the fault \
            has to be cured there and the enrollment begun anew.
            """,
        clearedBy: "No delivered certificates were refused.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        guard let record = try host.openEnrollment() else { return .notApplicable }
        guard record.phase == .refused else {
            return .pass("nothing that was delivered was refused", host.facts(record))
        }
        return .fail([
            Fault(
                record.subject,
                "The certificates that \(record.managerName) delivered can't be served with\(record.reason)"
                    + "\(host.outlook(of: record)).", host.bearing(of: record), facts: host.facts(record))
        ])
    }
}
