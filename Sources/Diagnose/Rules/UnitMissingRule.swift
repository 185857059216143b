import Evidence
import Values

/// systemd knows no such unit, or refuses its file.
struct UnitMissingRule: Rule {
    let about = RuleInfo(
        "unit-missing", .unit,
        title: "The unit is missing or its file is refused",
        meaning: """
            systemd finds no unit of this name (LoadState=not-found), or finds one with a setting that it can't accept \
            (bad-setting) or can't read (error). Such a unit is never started.
            """,
        clearedBy: "systemd has loaded the unit.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        guard let look = try host.unit.required.last else { return .notApplicable }
        let unit = host.target.unit
        let words: String
        switch look.loadState {
        case "loaded", "masked", "merged", "stub":
            return .pass("systemd has the unit", [host.unit.fact("LoadState=\(look.loadState)")])
        case "not-found": words = "systemd finds no unit file for \(unit)"
        case "bad-setting": words = "systemd refuses the unit file of \(unit) because of a setting in it"
        case "error": words = "systemd could not load the unit file of \(unit)"
        default:
            throw Absence("LoadState of \(unit)", .failed, why: "unknown value '\(look.loadState.harmless(limit: 40))'")
        }
        var facts = [host.unit.fact("LoadState=\(look.loadState) \(look.fragmentPath)")]
        if let refusal = host.lastLine(saying: "refusing") { facts.append(refusal.fact) }
        return .fail([Fault(unit.rawValue, words + ", so it can't be started.", .blocks(.unit), facts: facts)])
    }
}
