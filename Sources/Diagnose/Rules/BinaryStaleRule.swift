import Evidence
import Values

/// The service runs a program that is no longer the one on disk.
struct BinaryStaleRule: Rule {
    let about = RuleInfo(
        "binary-stale", .unit,
        title: "The running program is not the one on disk",
        meaning: """
            The program was replaced or removed while the service ran: what runs is the old one, and what a restart \
            would start is another. An update without a restart leaves a host like this.
            """,
        clearedBy: "The main process runs the very file that lies on disk.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        guard let look = try host.unit.required.last, look.mainPID > 0 else { return .notApplicable }
        guard let process = try host.processes.required[look.mainPID] else {
            throw Absence("main process \(look.mainPID)", .torn, why: "it ended while it was looked at")
        }
        guard let executable = process.executable else {
            throw Absence(
                "executable of pid \(look.mainPID)", .notPermitted, why: "/proc/\(look.mainPID)/exe is unreadable")
        }
        let started = process.started.readable
        if process.executableDeleted {
            return .fail([
                Fault(
                    process.label,
                    "\(process.label) runs \(executable), which was removed or replaced after its start "
                        + "at \(started).", .threatens,
                    facts: [host.processes.fact("/proc/\(look.mainPID)/exe -> \(executable) (deleted)")])
            ])
        }
        let program = try host.program.required.file
        // A script runs as its interpreter; that one is not the program.
        let name = executable.split(separator: "/").last.map(String.init) ?? ""
        guard executable == program.path || name.hasPrefix(host.target.programName) else { return .notApplicable }
        guard let running = process.executableIdentity, let onDisk = program.identity else {
            return .pass("the running program lies on disk", [host.processes.fact("executable \(executable)")])
        }
        guard running != onDisk else {
            return .pass(
                "the running program is the one on disk",
                [host.processes.fact("executable \(executable), inode \(running.inode)")])
        }
        return .fail([
            Fault(
                process.label,
                "\(process.label), started \(started), runs \(executable), and \(program.path) is another "
                    + "file by now.", .threatens,
                facts: [
                    host.processes.fact("executable \(executable), inode \(running.inode)"),
                    host.program.fact("\(program.path): inode \(onDisk.inode)"),
                ])
        ])
    }
}
