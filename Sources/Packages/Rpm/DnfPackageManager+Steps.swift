import Linux
import Values

/// dnf's part in a transaction, step by step.
extension DnfPackageManager {
    /// A run that was ended half-way leaves packages twice: the newer one is unpacked, the older one not yet gone.
    public func heal(_ stage: TransactionStage) throws(TransactionFault) {
        stage.report("looks whether rpm's database is whole")
        let twice = try duplicates(stage)
        guard !twice.isEmpty else { return }
        stage.report("ends what an earlier run left half-way: \(twice.joined(separator: ", "))")
        let result = try dnf.runToTheEnd(["--assumeyes", "remove", "--duplicates"], stage)
        let left = try duplicates(stage)
        guard !left.isEmpty else { return }
        let fault = TransactionFault(dnf: result, "remove the older ones")
        throw TransactionFault(
            .databaseBroken,
            "an earlier run was ended half-way and left packages twice: \(left.joined(separator: ", ")). "
                + "\(fault.description). Run 'dnf remove --duplicates' by hand")
    }

    public func refresh(_ stage: TransactionStage) throws(TransactionFault) {
        stage.report("asks the repositories")
        let result = try dnf.run(["makecache", "--refresh"], stage)
        guard !result.succeeded else { return }
        let fault = TransactionFault(dnf: result, "bring the repositories' index here")
        let isGeneral = fault.code == .packageManager || fault.code == .packageNotFound
        throw TransactionFault(isGeneral ? .indexRefresh : fault.code, fault.description)
    }

    public func download(
        _ plan: ForeseenPlan, of order: PackageOrder, _ stage: TransactionStage
    ) throws(TransactionFault) {
        guard plan.plan.changes.contains(where: { $0.to != nil }) else { return }
        stage.report("downloads packages")
        let result = try dnf.run(
            [DnfProgram.asItIs, "--assumeyes", "--downloadonly"] + (try spelled(plan.words)), stage)
        guard result.succeeded, !result.errorText.contains("Error:") else {
            throw TransactionFault(dnf: result, "download the packages")
        }
    }

    public func commit(
        _ plan: ForeseenPlan, of order: PackageOrder, _ stage: TransactionStage
    ) throws(TransactionFault) {
        guard !plan.plan.changes.isEmpty else { return }
        let result = try dnf.runToTheEnd(["--cacheonly", "--assumeyes"] + (try spelled(plan.words)), stage)
        guard result.succeeded else { throw TransactionFault(dnf: result, "carry it out") }
        // `dnf shell` ends well whatever happened: the database tells.
        let installed: InstalledPackages
        do throws(PackageFault) { installed = try packages() } catch { throw TransactionFault(asking: error) }
        if let change = plan.plan.changes.first(where: { !$0.isDone(in: installed) }) {
            throw TransactionFault(dnf: result, "carry it out: \(change.name) is not as it was planned")
        }
    }

    public func verify(_ stage: TransactionStage) throws(TransactionFault) {
        let twice = try duplicates(stage)
        guard twice.isEmpty else {
            throw TransactionFault(
                .databaseBroken,
                "dnf was ended half-way and left packages twice: \(twice.joined(separator: ", ")); the next order, "
                    + "or 'dnf remove --duplicates', puts that right")
        }
    }

    /// Packages that are there in more versions than they may be; dnf knows of which several may be.
    private func duplicates(_ stage: TransactionStage) throws(TransactionFault) -> [String] {
        let result = try dnf.look(
            ["--quiet", "--disablerepo=*", "repoquery", "--duplicates", "--queryformat", "%{name}-%{evr}.%{arch}"],
            stage)
        guard result.succeeded else {
            let fault = TransactionFault(dnf: result, "read rpm's database")
            guard fault.code == .packageManager else { throw fault }
            throw TransactionFault(.databaseBroken, "\(fault.description). Try 'rpm --rebuilddb'")
        }
        do throws(PackageFault) { _ = try packages() } catch {
            throw TransactionFault(.databaseBroken, "\(error.description). Try 'rpm --rebuilddb'")
        }
        return result.outputText.split(separator: "\n").prefix(20).map { String($0).harmless(limit: 200) }
    }

    /// The words as dnf gets them: the lines for `dnf shell` go into a file, since nobody sits before it.
    func spelled(_ words: [String]) throws(TransactionFault) -> [String] {
        guard let shell = words.firstIndex(of: "shell") else { return words }
        let text = words[(shell + 1)...].joined(separator: "\n") + "\nrun\n"
        let directory = root + "/var/lib/dnf"
        let name = "linux-patch-api.shell"
        do throws(SystemError) {
            let anchor = try DirectoryAnchor(opening: directory)
            if try anchor.contains(name) { try anchor.removeFile(name) }
            try anchor.createFile(name).writeAll(Array(text.utf8))
        } catch {
            throw TransactionFault(
                error.code == SystemError.noSpace ? .diskFull : .packageManager, error.description)
        }
        return words[..<shell] + ["shell", directory + "/" + name]
    }
}
