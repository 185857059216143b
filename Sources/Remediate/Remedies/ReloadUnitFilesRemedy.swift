import Diagnose
import Evidence
import Values

/// Has systemd read the unit's files again, where all that it once read are still there.
struct ReloadUnitFilesRemedy: Remedy {
    let findings: Set = ["unit-file-changed"]

    func answer(_ finding: Finding, on host: Snapshot) -> Answer {
        if let gone = host.goneUnitFile {
            return .advice(
                Advice(
                    finding, because: "\(gone.harmless()) is gone: a reload would take its settings away",
                    ask: "whoever deploys \(host.target.unit)",
                    commands: ["systemctl cat \(host.target.unit)", "systemctl daemon-reload"]))
        }
        return .actions([.reloadManager])
    }
}

extension Snapshot {
    /// A file that systemd has read and that is no longer there.
    var goneUnitFile: String? { unitFiles.known?.files.first { !$0.exists }?.path }
}
