import Linux
import Values

/// pacman's part in a transaction, step by step.
extension PacmanPackageManager {
    /// A pacman that was killed, or whose host went down, leaves its lock, and pacman asks for a person then. It is
    /// removed where no process has it open: whoever has the lock has the file open.
    public func heal(_ stage: TransactionStage) throws(TransactionFault) {
        let lock = pacman.lock
        while (try? FileStatus(of: lock)) != nil {
            if let holder = PacmanLock.holder(of: lock) {
                try stage.waitForEnd(of: holder.pid, called: holder.name, holding: "pacman's lock")
                continue
            }
            // Who is just about to take it has made the file a moment before it shows as open.
            if PacmanLock.holder(of: lock) != nil { continue }
            do throws(SystemError) {
                let anchor = try DirectoryAnchor(opening: pacman.database)
                if try anchor.contains("db.lck") { try anchor.removeFile("db.lck") }
            } catch {
                throw TransactionFault(.locked, "an old lock is in the way: \(error.description)")
            }
            stage.note("removed '\(lock)', which a pacman left that does not run any more")
        }
        try verify(stage)
    }

    public func refresh(_ stage: TransactionStage) throws(TransactionFault) {
        stage.report("asks the repositories")
        let result = try stage.run(pacman(["--sync", "--refresh"]))
        guard !result.succeeded else { return }
        let fault = TransactionFault(pacman: result, "bring the repositories' index here")
        throw TransactionFault(fault.code == .packageManager ? .indexRefresh : fault.code, fault.description)
    }

    public func download(
        _ plan: ForeseenPlan, of order: PackageOrder, _ stage: TransactionStage
    ) throws(TransactionFault) {
        for words in PacmanTasks.commands(in: plan.words) where words.first == "--sync" {
            stage.report("downloads packages")
            let result = try stage.run(pacman(["--sync", "--downloadonly"] + words.dropFirst()))
            guard result.succeeded else { throw TransactionFault(pacman: result, "download the packages") }
            // What `--print` does not show, this does.
            let list = result.outputText.split(separator: "\n").first { $0.hasPrefix("Packages (") } ?? ""
            guard list.contains(" [removal]") else { continue }
            throw TransactionFault(
                .removalRefused, "pacman would remove what nobody asked for: \(String(list).harmless(limit: 600))")
        }
    }

    public func commit(
        _ plan: ForeseenPlan, of order: PackageOrder, _ stage: TransactionStage
    ) throws(TransactionFault) {
        guard !plan.plan.changes.isEmpty else { return }
        for words in PacmanTasks.commands(in: plan.words) {
            let result = try pacman.runToTheEnd(words, stage)
            guard result.succeeded else { throw TransactionFault(pacman: result, "carry it out") }
        }
        let installed: InstalledPackages
        do throws(PackageFault) { installed = try packages() } catch { throw TransactionFault(asking: error) }
        if let change = plan.plan.changes.first(where: { !$0.isDone(in: installed) }) {
            throw TransactionFault(
                .packageManager, "pacman ended well, but \(change.name) is not as it was planned")
        }
    }

    public func verify(_ stage: TransactionStage) throws(TransactionFault) {
        let unfinished: [String]
        do throws(PackageFault) {
            unfinished = try database.unfinished()
            _ = try packages()
        } catch {
            throw TransactionFault(asking: error)
        }
        guard unfinished.isEmpty else {
            throw TransactionFault(
                .databaseBroken,
                "pacman was ended half-way with \(unfinished.prefix(10).joined(separator: ", ").harmless()): remove "
                    + "these directories below '\(pacman.database)/local' and install the packages again with "
                    + "'pacman -S --overwrite \"*\"'")
        }
    }
}
