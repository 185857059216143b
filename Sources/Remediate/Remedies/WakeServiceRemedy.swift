import Diagnose
import Evidence
import Values

/// The unit is down although nothing keeps it from running any more: all it needs is to be started.
///
/// Not one that left by itself with status 0: it would do so again, and its own last lines say why.
struct WakeServiceRemedy: Remedy {
    let findings: Set = ["start-limit-hit", "service-gave-up-cleanly"]

    func answer(_ finding: Finding, on host: Snapshot) -> Answer {
        guard finding.id == "service-gave-up-cleanly", host.unit.known?.last?.endedByItself != false else {
            return .actions([])
        }
        return .advice(
            Advice(
                finding, because: "it left by itself, and would again: its last lines say why",
                ask: "whoever deploys \(host.target.unit)",
                commands: [
                    "journalctl -u \(host.target.unit) -n 20", "systemctl start \(host.target.unit)",
                ]))
    }
}
