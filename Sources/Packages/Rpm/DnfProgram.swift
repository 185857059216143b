import Linux
import Values

/// dnf 4 itself: where it is, what it is always told, and how one waits for it.
struct DnfProgram: Sendable {
    /// The host's directory that stands for `/`; empty for the host that we run on.
    let root: String

    /// dnf 4 has this name on each distribution, and `dnf` and `yum` are links to it; dnf 5 and yum 3 have other words.
    static let path = "/usr/bin/dnf-3"
    /// What dnf ends with where another one holds a lock and it was told not to wait.
    static let lockedStatus = 200
    /// Metadata as it is here, whatever its age: what was foreseen is to be done, not something newer.
    static let asItIs = "--setopt=*.metadata_expire=never"

    func callAsFunction(_ arguments: [String]) -> PackageProgram {
        var words = ["--color=never", "--setopt=exit_on_lock=1"]
        if !root.isEmpty { words += ["--installroot", root] }
        return PackageProgram(DnfProgram.path, words + arguments)
    }

    /// A look at packages, from the metadata that are here; where there are none, dnf brings them here.
    func answer(_ arguments: [String], accepting statuses: Set<Int> = [0]) throws(PackageFault) -> String {
        let offline = try self(["--cacheonly", "--quiet"] + arguments).answer(
            within: DnfProgram.patience, accepting: statuses.union([1]))
        if offline.exitStatus != 1 { return offline.outputText }
        guard Self.lacksMetadata(offline) else {
            throw .unanswered(program: "dnf " + (arguments.first ?? ""), reason: offline.errorText.harmless())
        }
        return try self(["--quiet"] + arguments).answer(within: DnfProgram.patience, accepting: statuses).outputText
    }

    private static let patience: UInt64 = 180_000_000

    static func lacksMetadata(_ result: PackageProgram.Result) -> Bool {
        result.errorText.contains("Cache-only enabled but no cache for")
    }

    /// Runs what changes no package; waits for whoever holds dnf's lock as long as the patience lasts.
    func run(_ arguments: [String], _ stage: TransactionStage) throws(TransactionFault) -> PackageProgram.Result {
        while true {
            let result = try stage.run(self(arguments))
            guard result.exitStatus == DnfProgram.lockedStatus else { return result }
            try DnfProgram.waitForHolder(result, stage)
        }
    }

    /// A look at what is installed, also after everybody's patience has ended: it is short.
    func look(_ arguments: [String], _ stage: TransactionStage) throws(TransactionFault) -> PackageProgram.Result {
        while true {
            let result = try stage.runToTheEnd(self(arguments))
            guard result.exitStatus == DnfProgram.lockedStatus else { return result }
            try DnfProgram.waitForHolder(result, stage)
        }
    }

    /// Runs what changes packages. A dnf that found the lock taken has changed none.
    func runToTheEnd(_ arguments: [String], _ stage: TransactionStage) throws(TransactionFault) -> PackageProgram.Result
    {
        var program = self(arguments)
        program.tellsOnOutput = true
        while true {
            let result = try stage.runToTheEnd(program) { line in
                if let step = DnfStep(line) { stage.report(step.message, part: step.part) }
            }
            guard result.exitStatus == DnfProgram.lockedStatus else { return result }
            try DnfProgram.waitForHolder(result, stage)
        }
    }

    /// `metadata already locked by 812`, `The application with PID 812 is: dnf`.
    private static func waitForHolder(
        _ result: PackageProgram.Result, _ stage: TransactionStage
    ) throws(TransactionFault) {
        let text = result.outputText + result.errorText
        let words = text.split { $0 == " " || $0 == "\n" }
        let number = words.firstIndex(of: "by").flatMap { words.dropFirst($0 + 1).first }.flatMap { Int32($0) }
        let name = text.split(separator: "\n").first { $0.contains("The application with PID") }?
            .split(separator: " ").last.map { String($0).harmless(limit: 64) }
        guard let number, number > 1 else {
            throw TransactionFault(.locked, "another package manager holds dnf's lock: \(text.harmless(limit: 200))")
        }
        try stage.waitForEnd(of: number, called: name ?? "unknown", holding: "dnf's lock")
    }
}

extension TransactionStage {
    /// Waits for who holds a package manager's lock; PKG_MANAGER_LOCKED, which names it, where the patience ends first.
    func waitForEnd(of pid: Int32, called name: String, holding lock: String) throws(TransactionFault) {
        report("waits for \(lock): '\(name)' (pid \(pid)) holds it")
        while true {
            guard secondsLeft > 0 else {
                throw TransactionFault(
                    .locked,
                    "'\(name)' (pid \(pid)) held \(lock) all the time; no package was touched: try again when it has ended"
                )
            }
            try goOn()
            do throws(SystemError) {
                guard let process = try ProcessHandle(pid) else { return }
                // In short pieces, so that a stop is heard.
                if try process.waitForEnd(.seconds(1)) { return }
            } catch {
                throw TransactionFault(.locked, "cannot wait for the holder of \(lock): \(error.description)")
            }
        }
    }
}

/// A line of dnf's that tells how far it is: `  Upgrading        : alpha-2.0-1.noarch        1/4`.
struct DnfStep: Hashable {
    let message: String
    let part: Double

    init?(_ line: String) {
        let words = line.split(separator: " ")
        guard let colon = words.firstIndex(of: ":"), colon > 0, words.count == colon + 3, let count = words.last else {
            return nil
        }
        let numbers = count.split(separator: "/").compactMap { Int($0) }
        guard numbers.count == 2, numbers[1] > 0 else { return nil }
        let action = words[..<colon].joined(separator: " ").lowercased()
        message = "\(action) \(words[colon + 1])"
        // Verifying comes after all the rest and counts anew.
        part = action == "verifying" ? 1 : Double(numbers[0]) / Double(numbers[1])
    }
}
