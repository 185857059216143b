import Diagnose
import Evidence
import Values

/// Writes a start limit that bites for the loop that was seen, as a drop-in.
struct CorrectStartLimitRemedy: Remedy {
    let findings: Set = ["start-limit-ineffective"]

    func answer(_ finding: Finding, on host: Snapshot) -> Answer {
        func left(_ why: String) -> Answer {
            .advice(
                Advice(
                    finding, because: why, ask: "whoever deploys \(host.target.unit)",
                    commands: ["systemctl edit \(host.target.unit)"]))
        }
        if let gone = host.goneUnitFile {
            return left("\(gone.harmless()) is gone: the reload that it needs would take its settings away")
        }
        guard let look = host.unit.known?.last,
            let file = StartLimit(inEffectOf: look, run: host.journal.known?.typicalRun)
                .correction(for: host.target.unit)
        else { return left("no limit can be worked out for it") }
        if host.unitFiles.known?.files.contains(where: { $0.path == file.path && $0.exists }) == true {
            return left("\(file.path) is there already, and does not bite")
        }
        return .actions([.writeDropIn(UnitFile(path: file.path, text: file.text)), .reloadManager])
    }
}
