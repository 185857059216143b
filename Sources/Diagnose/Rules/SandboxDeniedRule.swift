import Evidence
import Values

/// The service's sandbox can't be set up, or it killed the service.
struct SandboxDeniedRule: Rule {
    let about = RuleInfo(
        "sandbox-denied", .unit,
        title: "A sandboxing setting keeps the service from starting",
        meaning: """
            A setting that confines the service can't be applied, so its program is never executed (226/NAMESPACE, \
            218/CAPABILITIES, 228/SECCOMP and the others of systemd.exec(5), "Process exit codes"), or the system call \
            filter killed it (SIGSYS). Often ReadWritePaths= names a directory that does not exist.
            """,
        clearedBy: "The last attempt got past its sandbox.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        let failure = try host.lastFailure
        guard let failure, let what = Self.denial(failure.cause) else { return failure.acquits }
        var facts = [failure.fact]
        // The first of the two lines names the path.
        for words in ["Failed to set up", "Failed at step"] {
            if let line = host.lastLine(where: { $0.contains(words) }) { facts.append(line.fact) }
        }
        return .fail([
            Fault(
                host.target.unit.rawValue, "\(host.target.unit) is stopped by its own sandbox: \(what).",
                .blocks(.program), facts: facts)
        ])
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? {
        Self.denial(Failure.Cause(epoch)) == nil ? nil : host.target.unit.rawValue
    }

    private static func denial(_ cause: Failure.Cause) -> String? {
        switch cause {
        case .exited(let status):
            guard let step = StartStep(status: status), step.isSandbox else { return nil }
            return "\(step.settings) could not be applied (\(status)/\(step.name))"
        case .killed(.system): return "it made a system call that SystemCallFilter= forbids (SIGSYS)"
        default: return nil
        }
    }
}
