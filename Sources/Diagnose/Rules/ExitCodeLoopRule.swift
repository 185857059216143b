import Evidence
import Values

/// The service keeps exiting and nothing more specific explains it.
struct ExitCodeLoopRule: Rule {
    let about = RuleInfo(
        "exit-code-loop", .unit,
        title: "The service keeps exiting",
        meaning: "The service exits again and again, and no other finding explains why: its own last lines are cited.",
        clearedBy: "A more specific finding explains the exits, or there are none.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        guard let look = try host.unit.required.last, host.isFailing else { return .notApplicable }
        var facts = [
            host.unit.fact("\(look.activeState)/\(look.subState), result \(look.result), NRestarts \(look.nRestarts)")
        ]
        facts += (host.journal.known?.lastLines ?? []).suffix(5).map {
            host.journal.fact("\($0.time.rfc3339) \($0.identifier): \($0.message)")
        }
        return .fail([
            Fault(
                host.target.unit.rawValue,
                "\(host.target.unit) keeps exiting (\(look.result)); its last words are in the journal.",
                .blocks(.running), confidence: .possible, facts: facts)
        ])
    }
}
