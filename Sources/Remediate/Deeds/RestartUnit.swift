import Systemd
import Values

struct RestartUnit: Deed {
    let unit: UnitName

    var kind: String { "restart-unit" }
    var command: String { "systemctl restart \(shellWord(unit.rawValue))" }
    var precondition: String { "\(unit) runs, and was not restarted since" }
    var success: String { "systemd's job ends with the result 'done'" }
    var destroys: String { "the running process; NRestarts" }
    var turn: Turn { .restart }
    var details: [String: ActionDetail] { ["unit": .text(unit.rawValue)] }

    func effect(in workplace: Workplace) -> any Effect {
        UnitJobEffect(unit: unit, job: .restart, seen: workplace.seen)
    }
}
