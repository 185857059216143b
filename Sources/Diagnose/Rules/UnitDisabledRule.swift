import Evidence
import Values

/// Nothing starts the unit at boot.
struct UnitDisabledRule: Rule {
    let about = RuleInfo(
        "unit-disabled", .unit,
        title: "The unit is not enabled",
        meaning: """
            No target wants the unit, so nobody starts it at boot. While it runs that is a risk for the next boot; while \
            it is inactive it is why nothing brings it up.
            """,
        clearedBy: "The unit is enabled, or it is started by something else (static, generated, triggered).")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        guard let look = try host.unit.required.last, look.loadState == "loaded" else { return .notApplicable }
        let active = host.isOffline ? "" : ", ActiveState=\(look.activeState)"
        let state = host.unit.fact("UnitFileState=\(look.unitFileState)\(active)")
        guard ["disabled", "linked", "linked-runtime", "enabled-runtime"].contains(look.unitFileState) else {
            return .pass("the unit is \(look.unitFileState)", [state])
        }
        guard look.triggeredBy.isEmpty else {
            return .pass("the unit is started by \(look.triggeredBy.joined(separator: ", "))", [state])
        }
        let unit = host.target.unit
        if look.unitFileState == "enabled-runtime" {
            return .fail([
                Fault(
                    unit.rawValue, "\(unit) is enabled until the next boot only, and will not start there.", .threatens,
                    facts: [state])
            ])
        }
        let inactive = look.activeState == "inactive"
        return .fail([
            Fault(
                unit.rawValue,
                inactive
                    ? "\(unit) is not enabled and not running: nothing starts it, at boot or now."
                    : "\(unit) is not enabled: the next boot will not start it.",
                inactive ? .sustains : .threatens, facts: [state])
        ])
    }
}
