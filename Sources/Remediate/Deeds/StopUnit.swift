import Systemd
import Values

struct StopUnit: Deed {
    let unit: UnitName

    var kind: String { "stop-unit" }
    var command: String { "systemctl stop \(shellWord(unit.rawValue))" }
    var precondition: String { "\(unit) is not stopped yet" }
    var success: String { "systemd's job ends with the result 'done'" }
    var undo: String? { "systemctl start \(shellWord(unit.rawValue))" }
    var destroys: String { "the running process; NRestarts and status too, where nothing else keeps the unit loaded" }
    var turn: Turn { .stop }
    var details: [String: ActionDetail] { ["unit": .text(unit.rawValue)] }

    func effect(in workplace: Workplace) -> any Effect { UnitJobEffect(unit: unit, job: .stop) }
}
