import Evidence
import Values

/// The service's program exists, and the kernel will not execute it.
struct ExecNotPermittedRule: Rule {
    let about = RuleInfo(
        "exec-not-permitted", .unit,
        title: "The service's program may not be executed",
        meaning: """
            The program exists, and execve(2) refuses it: no execute permission, a file system mounted noexec, or \
            content for another architecture or none at all. systemd reports status 203/EXEC.
            """,
        clearedBy: "The program has execute permission, on a file system that allows it.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        let failure = host.isOffline ? try? host.lastFailure : try host.lastFailure
        let refused = failure?.exitStatus == StartStep.exec
        let denied = refused ? host.lastLine(saying: "permission denied") : nil
        let foreign = refused ? host.lastLine(saying: "exec format error") : nil
        let facts = [failure?.fact, denied?.fact, foreign?.fact].compactMap(\.self)
        func fault(_ path: String, _ words: String, _ confidence: Confidence, _ own: [Fact], _ missing: [Absence])
            -> Verdict
        {
            .fail([
                Fault(path, words, .blocks(.program), confidence: confidence, facts: own + facts, missing: missing)
            ])
        }
        guard let program = host.program.known else {
            guard denied != nil || foreign != nil, let absence = host.program.absence else {
                _ = try host.program.required
                return .notApplicable
            }
            let why = denied != nil ? "permission denied" : "exec format error"
            return fault(
                host.target.program, "The kernel refused to execute \(host.target.program): \(why).", .probable, [],
                [absence])
        }
        let file = program.file
        if let error = file.error { throw Absence(file.path, .notPermitted, why: error) }
        guard file.exists else { return .notApplicable }
        let mode = host.program.fact("\(file.path): mode \(file.octalMode)")
        if !program.isExecutable {
            return fault(file.path, "\(file.path) has no execute permission.", .conclusive, [mode], [])
        }
        if program.mountedNoExec == true {
            let mount = host.program.fact("\(file.path) lies on a file system mounted noexec")
            return fault(file.path, "\(file.path) lies on a file system mounted noexec.", .conclusive, [mount], [])
        }
        if foreign != nil {
            return fault(
                file.path, "\(file.path) is no program for this machine: the kernel can't execute its format.",
                .conclusive, [mode], [])
        }
        if denied != nil, host.unit.known?.last?.isRestarting == true {
            return fault(
                file.path,
                "\(file.path) is executable, and yet the service was refused: its user, a directory on the "
                    + "way or a security module says no.", .probable, [mode],
                program.mountedNoExec == nil
                    ? [Absence("mount options below \(file.path)", .notLookedFor, why: "not read")] : [])
        }
        return .pass("the program may be executed", [mode])
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? {
        let words = epoch.sample.lowercased()
        guard Failure.Cause(epoch) == .exited(StartStep.exec) || words.contains("failed at step exec") else {
            return nil
        }
        return words.contains("permission denied") || words.contains("exec format error") ? host.target.program : nil
    }
}
