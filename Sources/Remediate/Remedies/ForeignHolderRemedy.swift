import Diagnose
import Evidence
import Values

/// The port belongs to somebody else: nothing is done, and the reader is told by name whom to ask.
struct ForeignHolderRemedy: Remedy {
    let findings: Set = ["port-held-by-foreign-process", "port-used-by-client", "port-blocked-by-time-wait"]

    func answer(_ finding: Finding, on host: Snapshot) -> Answer {
        if finding.id == "port-blocked-by-time-wait" {
            return .advice(
                Advice(
                    finding, because: "it goes by itself within a minute", ask: "nobody: wait, and look again",
                    commands: ["ss -tan state time-wait 'sport = :\(host.target.port)'"]))
        }
        guard let pid = finding.processNumber, let process = host.processes.known?[pid] else {
            return .advice(Advice(finding, because: "it is not ours to end", ask: "whoever runs \(finding.subject)"))
        }
        let user = (process.userName ?? String(process.user)).harmless(limit: 64)
        let unit = process.unit?.harmless(limit: 64)
        var commands = ["ps -o pid,ppid,lstart,user,stat,args -p \(pid)"]
        if let unit, unit.hasSuffix(".service") {
            commands += ["systemctl status \(shellWord(unit))", "systemctl stop \(shellWord(unit))"]
        } else {
            commands.append("kill \(pid)")
        }
        return .advice(
            Advice(
                finding, because: "\(process.label) is another program, and not ours to end",
                ask: "user \(user)" + (unit.map { ", who runs it in \($0)" } ?? ""), commands: commands))
    }
}
