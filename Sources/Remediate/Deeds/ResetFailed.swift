import Values

struct ResetFailed: Deed {
    let unit: UnitName

    var kind: String { "reset-failed" }
    var command: String { "systemctl reset-failed \(shellWord(unit.rawValue))" }
    var precondition: String { "\(unit) is failed by then" }
    var success: String { "the unit is no longer failed" }
    var destroys: String { "NRestarts, Result and the count of the start limit" }
    var turn: Turn { .counters }
    var details: [String: ActionDetail] { ["unit": .text(unit.rawValue)] }

    func effect(in workplace: Workplace) -> any Effect { ResetFailedEffect(unit: unit) }
}
