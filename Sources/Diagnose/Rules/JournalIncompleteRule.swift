import Evidence
import Values

/// The journal does not hold the whole story of the failures.
struct JournalIncompleteRule: Rule {
    let about = RuleInfo(
        "journal-incomplete", .host,
        title: "The journal does not reach back to the first failure",
        meaning: """
            A crash loop pushes its own beginning out of the journal, or a part of it could not be read: the first \
            failure that is seen need not be the first there was, counts are lower bounds, and the origin is uncertain.
            """,
        clearedBy: "The journal begins before the first failure, and holds as many restarts as systemd counts.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        let journal = try host.journal.required
        guard !journal.epochs.isEmpty else { return .notApplicable }
        let counted = host.unit.known?.last.map { Int($0.nRestarts) } ?? 0
        var reasons: [String] = []
        var facts: [Fact] = []
        if !journal.complete {
            let why = journal.incompleteBecause?.harmless(limit: 200) ?? "it was not read to its end"
            reasons.append(why)
            facts.append(host.journal.fact("read in part: \(why)"))
        }
        if counted > journal.restarts.total {
            reasons.append("it holds \(journal.restarts.total) of \(counted) restarts")
            facts.append(host.unit.fact("NRestarts=\(counted)"))
            facts.append(host.journal.fact("\(journal.restarts.total) restarts recorded"))
        }
        // systemd's counter says how many restarts there had been; those before the first record are gone.
        if journal.restarts.highestCounter > journal.restarts.total {
            let lost = journal.restarts.highestCounter - journal.restarts.total
            let start = journal.reachesBackTo.map { " (it begins \($0.readable))" } ?? ""
            reasons.append("at least \(lost) restarts before its first record are gone\(start)")
            facts.append(host.journal.fact("highest counter \(journal.restarts.highestCounter) of N_RESTARTS"))
        }
        guard !reasons.isEmpty else {
            return .pass(
                "the journal reaches back to before the first failure",
                [host.journal.fact("reaches back to \(journal.reachesBackTo?.rfc3339 ?? "an unknown time")")])
        }
        return .fail([
            Fault(
                "journal", "The journal does not tell the whole story: \(reasons.joined(separator: "; ")).", .threatens,
                facts: facts)
        ])
    }
}
