import Evidence
import Values

/// The program that the unit starts does not exist, or the interpreter that it needs does not.
struct ExecMissingRule: Rule {
    let about = RuleInfo(
        "exec-missing", .unit,
        title: "The service's program is missing",
        meaning: """
            The file named by ExecStart=, or the interpreter or loader that the file itself names, does not exist: \
            execve(2) fails with ENOENT and systemd reports status 203/EXEC.
            """,
        clearedBy: "The program and its interpreter exist.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        let failure = host.isOffline ? try? host.lastFailure : try host.lastFailure
        let refusal =
            failure?.exitStatus == StartStep.exec ? host.lastLine(saying: "no such file or directory") : nil
        let facts = [failure?.fact, refusal?.fact].compactMap(\.self)
        func fault(_ subject: String, _ words: String, _ confidence: Confidence, _ fact: Fact, _ missing: [Absence])
            -> Verdict
        {
            .fail([
                Fault(
                    subject, words, .blocks(.program), confidence: confidence, facts: [fact] + facts, missing: missing)
            ])
        }
        guard let program = host.program.known else {
            guard let refusal, let absence = host.program.absence else {
                _ = try host.program.required; return .notApplicable
            }
            return fault(
                host.target.program, "The program \(host.target.program) could not be found when systemd started it.",
                .probable, refusal.fact, [absence])
        }
        let path = program.file.path
        if let error = program.file.error { throw Absence(path, .notPermitted, why: error) }
        if !program.file.exists {
            return fault(
                path, "The program \(path) does not exist.", .conclusive,
                host.program.fact("\(path): no such file"), [])
        }
        if let interpreter = program.interpreter, program.interpreterExists == false {
            return fault(
                interpreter, "\(path) needs the interpreter \(interpreter.harmless(limit: 200)), which does not exist.",
                .conclusive, host.program.fact("\(path): interpreter \(interpreter) does not exist"), [])
        }
        if refusal != nil, host.unit.known?.last?.isRestarting == true {
            return fault(
                path, "\(path) exists, yet the service can't see it: a sandbox or RootDirectory= may hide it.",
                .possible, host.program.fact("\(path) exists outside the service's own view"), [])
        }
        return .pass("the program exists", [host.program.fact("\(path) exists")])
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? {
        let words = epoch.sample.lowercased()
        guard Failure.Cause(epoch) == .exited(StartStep.exec) || words.contains("failed at step exec") else {
            return nil
        }
        return words.contains("permission denied") || words.contains("exec format error") ? nil : host.target.program
    }
}
