import Systemd
import Values

struct StartUnit: Deed {
    let unit: UnitName

    var kind: String { "start-unit" }
    var command: String { "systemctl start \(shellWord(unit.rawValue))" }
    var precondition: String { "\(unit) does not run yet" }
    var success: String { "systemd's job ends with the result 'done'" }
    var undo: String? { "systemctl stop \(shellWord(unit.rawValue)), where it was down before" }
    var destroys: String { "Result and status of the last attempt" }
    var turn: Turn { .start }
    var details: [String: ActionDetail] { ["unit": .text(unit.rawValue)] }

    func effect(in workplace: Workplace) -> any Effect { UnitJobEffect(unit: unit, job: .start) }
}
