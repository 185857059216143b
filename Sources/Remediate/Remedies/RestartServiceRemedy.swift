import Diagnose
import Evidence
import Values

/// Restarts a service that runs with what has been replaced on the disk since.
struct RestartServiceRemedy: Remedy {
    let findings: Set = ["served-cert-stale", "binary-stale"]

    func answer(_ finding: Finding, on host: Snapshot) -> Answer { .actions([.restart(host.target.unit)]) }
}
