import Linux
import Values

/// Before and after: an earlier run that was cut is finished first, and nothing is done on top of what stays broken.
extension AptPackageManager {
    public func heal(_ stage: TransactionStage) throws(TransactionFault) {
        let lock = AptLock(host: host)
        try lock.wait(stage)
        guard try isInterrupted() else { return }
        stage.report("finishing what an earlier run of dpkg left half-way", part: 0.2)
        let configuring = host.dpkg(["--configure", "-a"])
        var result = try stage.runToTheEnd(configuring)
        // Somebody may have taken the lock between our look and dpkg's own.
        while !result.succeeded, AptFault.of(result, configuring, host).code == .locked {
            try lock.wait(stage)
            try stage.goOn()
            stage.pause(.seconds(1))
            result = try stage.runToTheEnd(configuring)
        }
        guard try isInterrupted() else { return healed(stage) }
        try fixDependencies(stage)
        let broken = try brokenPackages()
        if broken.isEmpty, try !hasUpdates() { return healed(stage) }
        // Another version, or a removal, of just these is the way out.
        let ordered = Set((stage.order?.packages ?? []).map(\.name))
        if !broken.isEmpty, broken.allSatisfy({ ordered.contains($0.name) }) {
            stage.remark("\(Self.words(broken)): not put right before, and part of this order")
            return
        }
        throw brokenDatabase(broken, result, configuring)
    }

    public func verify(_ stage: TransactionStage) throws(TransactionFault) {
        let broken = try brokenPackages()
        let hasUpdates = try hasUpdates()
        guard !broken.isEmpty || hasUpdates else { return }
        let audit = host.dpkg(["--audit"])
        throw brokenDatabase(broken, try stage.runToTheEnd(audit), audit)
    }

    private func healed(_ stage: TransactionStage) {
        stage.remark("finished what an earlier run of dpkg had left half-way")
    }

    /// What lacks a dependency gets it, if nothing has to go for it.
    private func fixDependencies(_ stage: TransactionStage) throws(TransactionFault) {
        let words = ["--no-remove", "--fix-broken", "install"]
        let simulation = try stage.run(host.get(["--simulate"] + words))
        guard simulation.succeeded else { return }
        guard try stage.run(host.get(["--download-only"] + words)).succeeded else { return }
        _ = try stage.runToTheEnd(host.get(words))
    }

    private func brokenDatabase(
        _ broken: [InstalledPackage], _ result: PackageProgram.Result, _ program: PackageProgram
    ) -> TransactionFault {
        let what = broken.isEmpty ? "dpkg's updates were not taken over" : Self.words(broken)
        let said = (result.errorText + "\n" + result.outputText).split(separator: "\n")
            .filter { $0.contains("dpkg") || $0.contains("error") || $0.contains("No space") }
        let reason = said.prefix(3).map { String($0).harmless(limit: 200) }.joined(separator: "; ")
        return TransactionFault(
            said.contains { $0.contains("No space left on device") } ? .diskFull : .databaseBroken,
            "\(what); '\(program.name)' says: \(reason.isEmpty ? result.words : reason); "
                + "see the output for why, put that right and run 'dpkg --configure -a'")
    }

    private func isInterrupted() throws(TransactionFault) -> Bool {
        if try hasUpdates() { return true }
        return try !brokenPackages().isEmpty
    }

    /// dpkg writes each step into a file of its own there, and folds them into the database at its end.
    private func hasUpdates() throws(TransactionFault) -> Bool {
        let names = (try? DirectoryListing(of: host.database + "/updates"))?.names ?? []
        return names.contains { name in name.utf8.allSatisfy { (48...57).contains($0) } }
    }

    private func brokenPackages() throws(TransactionFault) -> [InstalledPackage] {
        try installed().all.filter { $0.state.isOnHost && $0.state != .installed }
    }

    func installed() throws(TransactionFault) -> InstalledPackages {
        do throws(PackageFault) {
            return try packages()
        } catch {
            throw TransactionFault(.databaseBroken, error.description)
        }
    }

    /// `curl is half-configured, less is unpacked`.
    private static func words(_ broken: [InstalledPackage]) -> String {
        let named = broken.prefix(10).map { "\($0.name) is \($0.state.rawValue)" }.joined(separator: ", ")
        return broken.count > 10 ? "\(named) and \(broken.count - 10) more" : named
    }
}
