import Linux
import Values

/// What an order comes to: names are looked up exactly, the rest is apt's own simulation, and its answer is held to the order.
extension AptPackageManager {
    public func foresee(_ order: PackageOrder, _ stage: TransactionStage) throws(TransactionFault) -> ForeseenPlan {
        let installed = try installed()
        try check(order, installed, stage)
        if order.verb == .upgradeAll { return try foreseeAll(order, installed, stage) }
        guard !order.packages.isEmpty else {
            return ForeseenPlan(PackagePlan([]), words: [], note: "nothing was named")
        }
        var words = try words(for: order, installed) { wanted in
            wanted.version.map { "\(Self.full(wanted))=\($0)" } ?? "\(wanted.name)"
        }
        let changes = try simulate(words, installed, stage)
        try judge(changes, order, installed)
        // From here on exactly these versions, whatever the index says by then.
        words = try self.words(for: order, installed) { wanted in
            let change = changes.first { wanted.means($0.name, $0.architecture) && $0.to != nil }
            guard let change, let version = change.to else {
                return wanted.version.map { "\(Self.full(wanted))=\($0)" } ?? "\(wanted.name)"
            }
            return change.architecture == "all"
                ? "\(wanted.name)=\(version)" : "\(wanted.name):\(change.architecture)=\(version)"
        }
        return ForeseenPlan(PackagePlan(changes), words: words, note: changes.isEmpty ? "nothing to do" : "")
    }

    /// The words after `apt-get`, made of verified names and of nothing else.
    private func words(
        for order: PackageOrder, _ installed: InstalledPackages, _ spell: (PackageOrder.Wanted) -> String
    ) throws(TransactionFault) -> [String] {
        var words = Self.switches(order)
        switch order.verb {
        case .install: words += ["--no-remove", "install"]
        case .upgrade: words += ["--no-remove", "--only-upgrade", "install"]
        case .remove: words.append("remove")
        case .restore:
            if !order.packages.contains(where: { $0.version == nil }) { words.append("--no-remove") }
            words.append("install")
        case .upgradeAll: break
        }
        for wanted in order.packages {
            switch order.verb {
            case .remove: words.append("\(wanted.name)")
            case .restore where wanted.version == nil:
                // What is gone already needs no removal.
                let isThere = installed.all.contains {
                    wanted.means($0.name, $0.architecture) && $0.state.isOnHost
                }
                if isThere { words.append("\(Self.full(wanted))-") }
            default: words.append(spell(wanted))
            }
        }
        return words
    }

    /// `libc6:i386`, where it matters which.
    static func full(_ wanted: PackageOrder.Wanted) -> String {
        guard let architecture = wanted.architecture, architecture != "all" else { return "\(wanted.name)" }
        return "\(wanted.name):\(architecture)"
    }

    private static func switches(_ order: PackageOrder) -> [String] {
        var words: [String] = []
        if order.allowsUnsigned { words.append("--allow-unauthenticated") }
        if order.withoutRecommends { words.append("--no-install-recommends") }
        // A version that was named may be an older one.
        if order.packages.contains(where: { $0.version != nil }) { words.append("--allow-downgrades") }
        return words
    }

    private func simulate(
        _ words: [String], _ installed: InstalledPackages, _ stage: TransactionStage
    ) throws(TransactionFault) -> [PackageChange] {
        let program = host.get(["--simulate"] + words)
        let result = try stage.run(program)
        guard result.succeeded else {
            var fault = AptFault.of(result, program, host)
            if fault.code == .removalRefused {
                let names = Self.removals(announcedIn: result.outputText)
                if !names.isEmpty {
                    fault.description = "it would remove \(names), which nobody ordered; " + fault.description
                }
            }
            throw fault
        }
        return AptSimulation(parsing: result.outputText, installed: installed).changes
    }

    /// All that can be upgraded without a removal. What is left back is named.
    private func foreseeAll(
        _ order: PackageOrder, _ installed: InstalledPackages, _ stage: TransactionStage
    ) throws(TransactionFault) -> ForeseenPlan {
        let switches = Self.switches(order)
        var words = switches + ["dist-upgrade"]
        let whole = try simulate(words, installed, stage)
        var changes = whole
        if whole.contains(where: { $0.to == nil }) {
            words = switches + ["--no-remove", "--with-new-pkgs", "upgrade"]
            changes = try simulate(words, installed, stage)
        } else {
            words.insert("--no-remove", at: 0)
        }
        if let removal = changes.first(where: { $0.to == nil }) {
            throw TransactionFault(.removalRefused, "an upgrade of all would remove \(removal.name)")
        }
        let held = Set(installed.all.filter(\.isHeld).map(\.name))
        let taken = Set(changes.map(\.name))
        let back = whole.filter { $0.from != nil && $0.to != nil && !taken.contains($0.name) }.map(\.name)
        var notes: [String] = []
        if !back.isEmpty { notes.append("left back, since they would remove others: \(Self.list(back))") }
        let heldBack = try heldUpgrades(held, installed, stage)
        if !heldBack.isEmpty { notes.append("held: \(Self.list(heldBack))") }
        if changes.isEmpty { notes.insert("nothing to do", at: 0) }
        return ForeseenPlan(PackagePlan(changes), words: words, note: notes.joined(separator: "; "))
    }

    private func heldUpgrades(
        _ held: Set<PackageName>, _ installed: InstalledPackages, _ stage: TransactionStage
    ) throws(TransactionFault) -> [PackageName] {
        guard !held.isEmpty else { return [] }
        let all = try? simulate(Self.withHeld, installed, stage)
        return (all ?? []).filter { $0.from != nil && $0.to != nil && held.contains($0.name) }.map(\.name)
    }

    static func list(_ names: [PackageName]) -> String {
        let some = names.sorted().prefix(20).map(\.description).joined(separator: ", ")
        return names.count > 20 ? "\(some) and \(names.count - 20) more" : some
    }

    /// The names below `The following packages will be REMOVED:`.
    private static func removals(announcedIn text: String) -> String {
        var names: [Substring] = []
        var isInside = false
        for line in text.split(separator: "\n") {
            if line.hasPrefix("The following packages will be REMOVED") {
                isInside = true
            } else if isInside, line.hasPrefix(" ") {
                names += line.split(separator: " ")
            } else if isInside {
                break
            }
        }
        return names.prefix(20).joined(separator: ", ").harmless(limit: 300)
    }
}
