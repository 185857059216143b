import Diagnose
import Evidence
import Values

/// The unit is down although nothing keeps it from running any more: all it needs is to be started.
struct WakeServiceRemedy: Remedy {
    let findings: Set = ["start-limit-hit", "service-gave-up-cleanly"]

    func answer(_ finding: Finding, on host: Snapshot) -> Answer { .actions([]) }
}
