import Diagnose
import Evidence
import Values

/// Has systemd read the unit's files again, where all that it once read are still there.
struct ReloadUnitFilesRemedy: Remedy {
    let findings: Set = ["unit-file-changed"]

    func answer(_ finding: Finding, on host: Snapshot) -> Answer {
        if let gone = host.unitFiles.known?.files.first(where: { !$0.exists }) {
            return .advice(
                Advice(
                    finding, because: "\(gone.path.harmless()) is gone: a reload would take its settings away",
                    ask: "whoever deploys \(host.target.unit)",
                    commands: ["systemctl cat \(host.target.unit)", "systemctl daemon-reload"]))
        }
        return .actions([.reloadManager])
    }
}
