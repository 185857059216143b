import Evidence
import Values

/// The agent can't keep what an enrollment would bring, so it does not begin one.
struct StateUnusableRule: Rule {
    let about = RuleInfo(
        "state-unusable", .enrollment,
        title: "The agent's state directory can't be used",
        meaning: """
            The agent proves that it can write its state before it asks the manager for anything: what the manager hands \
            out once must not be lost. The proof failed, and neither a full nor a read-only file system explains it: \
            look at owner, mode and links of the directory and of those above it.
            """,
        clearedBy: "The agent could write its state, or a full or read-only file system is why it could not.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        guard let record = try host.openEnrollment() else { return .notApplicable }
        guard record.phase == .storage || host.isWaitingForStorage else {
            return .pass("the agent could write its state", host.facts(record))
        }
        let directory = try host.enrollment.required.directory
        let stat = host.enrollment.fact(
            "\(directory.path): mode \(directory.octalMode), owner \(directory.owner), group \(directory.group)")
        for rule in [DiskFullRule(), FilesystemReadOnlyRule()] as [any Rule] {
            if case .fail(let faults)? = try? rule.judge(host) {
                return .pass("\(faults.first?.subject ?? "its file system") explains why it could not", [stat])
            }
        }
        return .fail([
            Fault(
                directory.path,
                "The agent can't write below \(directory.path)\(record.reason), and asks the manager for nothing until it "
                    + "can\(host.outlook(of: record)).", host.isWaiting ? .awaited : host.bearing(of: record),
                facts: [stat] + host.facts(record))
        ])
    }
}
