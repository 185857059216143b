import Values

/// Asking the repositories.
extension AptPackageManager {
    /// One repository that does not answer, or whose signature is no good, keeps its old index, as apt itself has it: what the
    /// others have is not withheld for it, and the summary names it. Only where none answers, or where the disk is full, is
    /// there nothing to go on with.
    public func refresh(_ stage: TransactionStage) throws(TransactionFault) {
        // Without this apt ends with 0 though nothing was fetched.
        var options = ["APT::Update::Error-Mode=any", "Acquire::Retries=2"]
        options.append("DPkg::Lock::Timeout=\(stage.secondsLeft)")
        let program = host.get(["update"], options: options)
        let result = try stage.run(program)
        if result.succeeded { return }
        let fault = AptFault.of(result, program, host)
        let answered = result.outputText.split(separator: "\n").contains {
            $0.hasPrefix("Hit:") || $0.hasPrefix("Get:")
        }
        switch fault.code {
        case .network,
            .signature where answered:
            let failed = Self.failedSources(result)
            stage.remark("not refreshed: " + (failed.isEmpty ? fault.description : failed.joined(separator: ", ")))
        case .packageManager, .packageNotFound, .versionNotFound:
            throw TransactionFault(.indexRefresh, fault.description)
        default: throw fault
        }
    }

    /// `Err:4 http://deb.example stable InRelease`.
    private static func failedSources(_ result: PackageProgram.Result) -> [String] {
        var found: [String] = []
        for line in result.outputText.split(separator: "\n") where line.hasPrefix("Err:") {
            let source = line.split(separator: " ").dropFirst().prefix(2).joined(separator: " ").harmless(limit: 200)
            if !found.contains(source) { found.append(source) }
        }
        return Array(found.prefix(5))
    }
}
