import Packages
import Values

/// The steps of one transaction in their order, and what came of them.
struct TransactionRun {
    let order: PackageOrder
    let manager: any TransactionScript
    let stage: TransactionStage

    func outcome() -> TransactionOutcome {
        var before: InstalledPackages
        do throws(TransactionFault) { before = try look() } catch { return .refused(error) }
        var fault: TransactionFault?
        var note = ""
        do throws(TransactionFault) {
            note = try carryOut(&before)
        } catch {
            var told = error
            if !stage.remarks.isEmpty { told.description += "; " + stage.remarks.joined(separator: "; ") }
            fault = told
            stage.note("! \(error.code.rawValue): \(error.description)")
        }
        let changes: [PackageChange]
        do throws(PackageFault) {
            changes = PackageDifference.changes(from: before, to: try manager.packages())
        } catch {
            changes = []
            fault = fault ?? TransactionFault(.databaseBroken, "\(error): what is different now can't be told")
        }
        var summary = PackageDifference.summary(of: changes)
        for words in [note] + stage.remarks where !words.isEmpty { summary += "; " + words }
        return TransactionOutcome(
            fault: fault, exitStatus: stage.lastExitStatus, changes: changes, summary: summary.harmless(limit: 1000))
    }

    private func look() throws(TransactionFault) -> InstalledPackages {
        do throws(PackageFault) { return try manager.packages() } catch {
            throw TransactionFault(.databaseBroken, "\(error): nothing was done")
        }
    }

    /// Answers what the summary should say beside the changes. `before` is what was there when the package manager's lock
    /// became free, and at last when the changing begins: what others did meanwhile is theirs, and no rollback's.
    private func carryOut(_ before: inout InstalledPackages) throws(TransactionFault) -> String {
        stage.share = 0...5
        stage.report("looking whether \(manager.title) is free and its database whole")
        try manager.heal(stage)
        before = try look()
        if order.refreshesIndex {
            stage.share = 5...12
            stage.report("asking the repositories")
            try manager.refresh(stage)
        }
        stage.share = 12...15
        stage.report("planning")
        let foreseen = try manager.foresee(order, stage)
        try compare(foreseen.plan)
        guard !foreseen.plan.changes.isEmpty else { return foreseen.note }
        stage.share = 15...45
        stage.report("downloading")
        try manager.download(foreseen, of: order, stage)
        // The last moment at which a stop ends it.
        try stage.goOn()
        before = try look()
        stage.share = 45...98
        stage.report("changing packages")
        do throws(TransactionFault) {
            try manager.commit(foreseen, of: order, stage)
        } catch {
            stage.share = 98...99
            var fault = error
            do throws(TransactionFault) { try manager.verify(stage) } catch {
                fault.description += "; \(error.description)"
            }
            throw fault
        }
        stage.share = 98...99
        stage.report("looking whether all is well")
        try manager.verify(stage)
        return foreseen.note
    }

    private func compare(_ plan: PackagePlan) throws(TransactionFault) {
        guard let seen = order.planDigest, seen != plan.digest else { return }
        let lines = plan.changes.prefix(20).map(\.words)
        let rest = plan.changes.count - lines.count
        let now = lines.isEmpty ? "nothing" : lines.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
        throw TransactionFault(
            .planChanged,
            "the plan is not the one that was approved (\(seen.harmless(limit: 12))): it would now do \(now); look at the plan "
                + "again and approve that")
    }
}

extension PackageChange {
    /// `curl 7.88.1-10 -> 7.88.1-11`.
    var words: String {
        switch (from, to) {
        case (let from?, let to?): "\(name) \(from) -> \(to)"
        case (nil, let to?): "\(name) \(to) (new)"
        case (let from?, nil): "\(name) \(from) (removed)"
        case (nil, nil): "\(name)"
        }
    }
}
