import Values

@testable import Packages

/// One transaction by its script, step by step, as its process goes about it.
struct CarriedOut {
    /// nil where it succeeded.
    private(set) var fault: TransactionFault?
    private(set) var plan: ForeseenPlan?
    private(set) var progress: [String] = []

    init(_ order: PackageOrder, by script: some TransactionScript, patience: Interval = .seconds(60)) {
        var steps: [String] = []
        let stage = TransactionStage(
            patience: patience,
            audience: .init(watch: ProgramWatch(), progressed: { _, message in steps.append(message) }))
        do throws(TransactionFault) {
            try script.heal(stage)
            if order.refreshesIndex { try script.refresh(stage) }
            let plan = try script.foresee(order, stage)
            self.plan = plan
            if let digest = order.planDigest, digest != plan.plan.digest {
                throw TransactionFault(.planChanged, "the plan has changed")
            }
            try script.download(plan, of: order, stage)
            try script.commit(plan, of: order, stage)
            try script.verify(stage)
        } catch {
            fault = error
        }
        progress = steps
    }

    var changes: [String] { (plan?.plan.changes ?? []).map(Self.words) }

    static func words(_ change: PackageChange) -> String {
        "\(change.name) \(change.from?.description ?? "none") -> \(change.to?.description ?? "none")"
    }
}

extension PackageOrder {
    /// `alpha`, `alpha=1.0-1`.
    init(_ verb: Verb, _ names: String...) throws {
        self.init(
            verb,
            try names.map { text in
                let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
                guard let name = PackageName(parts[0]) else { throw Unusable(text: text) }
                return Wanted(name, version: parts.count > 1 ? PackageVersion(parts[1]) : nil)
            })
    }

    struct Unusable: Error { let text: String }
}

extension InstalledPackages {
    var words: [String] { all.map { "\($0.name) \($0.version)" } }
}
