import Evidence
import Values

/// A unit that this one requires failed, so this one was not even tried.
struct DependencyFailedRule: Rule {
    let about = RuleInfo(
        "dependency-failed", .unit,
        title: "A unit that the service requires failed",
        meaning: """
            A unit named by Requires= or BindsTo= did not start, so systemd cancelled the service's own start (job \
            result "dependency"). The unit's own properties show nothing of it; only the journal does.
            """,
        clearedBy: "The service was tried, whatever became of it, or the journal holds no such refusal.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        guard let look = try host.unit.required.last, look.activeState == "inactive" || look.isFailed || host.isOffline
        else {
            return .notApplicable
        }
        let unit = host.target.unit.rawValue
        let failure = try host.lastFailure
        let line = host.lastLine { words in
            words.hasPrefix("Dependency failed for") || words.contains("failed with result 'dependency'")
        }
        guard failure?.cause == .dependency || (failure == nil && line != nil) else {
            _ = try host.journal.required
            return failure.acquits
        }
        let requires = look.requires.filter { !$0.hasSuffix(".slice") && $0 != "sysinit.target" }
        return .fail([
            Fault(
                unit,
                "\(unit) was not started because a unit that it requires failed"
                    + (requires.isEmpty
                        ? "." : " (\(requires.prefix(4).joined(separator: ", ").harmless(limit: 200)))."),
                .blocks(.unit),
                facts: [failure?.fact, line?.fact].compactMap(\.self)
                    + [host.unit.fact("Requires=\(look.requires.joined(separator: " "))")])
        ])
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? {
        Failure.Cause(epoch) == .dependency ? host.target.unit.rawValue : nil
    }
}
