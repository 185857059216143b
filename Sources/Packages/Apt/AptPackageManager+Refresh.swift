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
        let sources = AptSources(askedIn: result)
        switch fault.code {
        case .network, .signature, .packageManager, .packageNotFound, .versionNotFound:
            guard sources.failed.isEmpty || sources.answered.isEmpty else {
                stage.remark("not refreshed: " + sources.failed.prefix(5).joined(separator: ", "))
                return
            }
            let isKnown = fault.code == .network || fault.code == .signature
            throw isKnown ? fault : TransactionFault(.indexRefresh, fault.description)
        default: throw fault
        }
    }
}

/// Which repositories `apt-get update` asked, and which of them it got nothing from.
struct AptSources: Hashable, Sendable {
    /// Address and suite, in the order that they were asked: `http://deb.debian.org/debian bookworm`.
    private(set) var answered: [String] = []
    private(set) var failed: [String] = []

    /// `Err:4 http://deb.example stable InRelease` on its output, and complaints that name one on its error stream.
    init(askedIn result: PackageProgram.Result) {
        var seen: [String] = []
        var erring: Set<String> = []
        for line in result.outputText.split(separator: "\n") {
            let words = line.split(separator: " ")
            let kind = line.prefix { $0 != ":" }
            guard words.count > 2, ["Hit", "Get", "Ign", "Err"].contains(kind) else { continue }
            let source = words[1...2].joined(separator: " ").harmless(limit: 200)
            if !seen.contains(source) { seen.append(source) }
            if kind == "Err" { erring.insert(source) }
        }
        let complaints = result.errorText
        failed = seen.filter { erring.contains($0) || complaints.contains("'" + $0) || complaints.contains(" \($0) ") }
        answered = seen.filter { !failed.contains($0) }
    }
}
