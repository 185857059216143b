import Evidence
import Values

/// The service keeps exiting and nothing more specific explains it.
struct ExitCodeLoopRule: Rule {
    let about = RuleInfo(
        "exit-code-loop", .unit,
        title: "The service keeps exiting",
        meaning: """
            The service ended in failure, mostly again and again, and no other finding explains why: its own last lines \
            are cited. It is the last resort, and is said only when no other finding is the root.
            """,
        clearedBy: "A more specific finding explains the exits, or there are none.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        guard host.isFailing else { return .notApplicable }
        let unit = host.target.unit
        let look = host.isOffline ? nil : try host.unit.required.last
        let state = look.map { look in
            host.unit.fact(
                "\(look.activeState)/\(look.subState), Result=\(look.result), NRestarts=\(look.nRestarts), "
                    + "Restart=\(look.restart)")
        }
        var facts = state.map { [$0] } ?? []
        // The journal may be closed to us; then the unit's own properties must do.
        let failure = try? host.lastFailure
        if let failure, failure.fact != state { facts.append(failure.fact) }
        facts += (host.journal.known?.lastLines ?? []).suffix(5).map {
            host.journal.fact("\($0.time.rfc3339) \($0.identifier): \($0.message)")
        }
        let ending = failure.map { "its last attempt \($0.words)" } ?? "its last result is \(look?.result ?? "unknown")"
        let outcome =
            look?.isFailed == true ? "failed and is not restarted" : look == nil ? "kept failing" : "keeps failing"
        var words = "\(unit) \(outcome): \(ending)"
        if let status = failure?.exitStatus, let step = StartStep(status: status) {
            words += ", while systemd applied \(step.settings)"
        } else if let status = failure?.exitStatus, let meaning = ExitMeaning(status: status) {
            words += ", which says that \(meaning.words)"
        }
        return .fail([
            Fault(unit.rawValue, words + ".", .blocks(.running), confidence: .possible, facts: facts)
        ])
    }
}
