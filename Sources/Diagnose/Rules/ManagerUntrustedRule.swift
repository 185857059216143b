import Evidence
import Values

/// What answers in the manager's place can't prove that it is the manager.
struct ManagerUntrustedRule: Rule {
    let about = RuleInfo(
        "manager-untrusted", .enrollment,
        title: "The manager's certificate is not trusted",
        meaning: """
            The manager's TLS certificate ends in no CA that this host trusts for it, or is not the one whose fingerprint \
            is configured. Nothing was sent to it. It may be a new manager whose CA nobody named yet, or somebody between \
            here and there.
            """,
        clearedBy: "The manager's certificate was verified, or nothing is asked of it.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        guard let record = try host.openEnrollment() else { return .notApplicable }
        guard record.phase == .untrusted else {
            return .pass("the manager's certificate was not refused", host.facts(record))
        }
        return .fail([
            Fault(
                record.subject,
                "\(record.managerName.capitalisedFirst) shows a certificate that this host does not trust"
                    + "\(record.reason)\(host.outlook(of: record)).", host.bearing(of: record),
                facts: host.facts(record))
        ])
    }
}
