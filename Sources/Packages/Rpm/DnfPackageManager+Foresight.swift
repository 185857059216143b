import Linux
import Values

/// What an order comes to, by dnf's own simulation.
extension DnfPackageManager {
    public func foresee(_ order: PackageOrder, _ stage: TransactionStage) throws(TransactionFault) -> ForeseenPlan {
        guard (try? FileStatus(of: DnfProgram.path)) != nil else {
            throw TransactionFault(
                .commandNotFound,
                "there is no \(DnfProgram.path): packages are changed by dnf 4 only, not by dnf 5 or yum 3")
        }
        let installed: InstalledPackages
        do throws(PackageFault) { installed = try packages() } catch { throw TransactionFault(asking: error) }
        try refuseUnknown(order, installed)
        let request = try words(for: order, installed)
        var note = ""
        var options = self.options(of: order)
        var table = try simulate(options + request, stage)
        if order.verb == .upgradeAll, !table.replaced.isEmpty {
            // What a package of another name would take the place of stays; `upgrade` removes nothing else.
            options += Set(table.replaced.map(\.heir)).sorted().map { "--exclude=\($0)" }
            note = "left as they are, since other packages would take their place: "
            note += table.replaced.map { "\($0.name)" }.joined(separator: ", ")
            table = try simulate(options + request, stage)
        }
        if !table.skipped.isEmpty {
            note += (note.isEmpty ? "" : "; ") + "passed over, since their dependencies do not allow it: "
            note += table.skipped.joined(separator: ", ")
        }
        try refuseRemovals(table, order)
        try refuseOthers(table, order, installed)
        let changes = table.changes(installed)
        return ForeseenPlan(
            PackagePlan(changes), words: options + exact(request, order, table), note: note.harmless(limit: 1000))
    }

    private func options(of order: PackageOrder) -> [String] {
        var options: [String] = []
        if order.allowsUnsigned { options.append("--nogpgcheck") }
        if order.withoutRecommends { options.append("--setopt=install_weak_deps=False") }
        // What came only for the sake of a removed package stays: nobody asked for its removal.
        options.append("--setopt=clean_requirements_on_remove=False")
        // A package of its own wish is an error where it can't be had, and passed over among all.
        options.append(order.verb == .upgradeAll ? "--nobest" : "--best")
        return options
    }

    /// dnf's command and its words; for a restoration with removals the lines of `dnf shell`, which does both at once.
    private func words(
        for order: PackageOrder, _ installed: InstalledPackages
    ) throws(TransactionFault) -> [String] {
        switch order.verb {
        case .upgradeAll: return ["upgrade"]
        case .remove: return ["remove", "--"] + order.packages.flatMap { present($0, installed) }
        case .install: return ["install", "--"] + order.packages.map(Self.word)
        case .upgrade:
            // `upgrade` would pass over a version that is not newer without a word.
            let isExact = order.packages.contains { $0.version != nil }
            return [isExact ? "install" : "upgrade", "--"] + order.packages.map(Self.word)
        case .restore:
            let wanted = order.packages.filter { $0.version != nil }.map(Self.word)
            let unwanted = order.packages.filter { $0.version == nil }.flatMap { present($0, installed) }
            if unwanted.isEmpty { return ["install", "--"] + wanted }
            if wanted.isEmpty { return ["remove", "--"] + unwanted }
            return ["shell"] + wanted.map { "install " + $0 } + unwanted.map { "remove " + $0 }
        }
    }

    /// `name-epoch:version-release`, which dnf reads in one way only.
    private static func word(_ wanted: PackageOrder.Wanted) -> String {
        guard let version = wanted.version else { return wanted.name.description }
        let text = version.description
        let end = wanted.architecture.map { "." + $0 } ?? ""
        return "\(wanted.name)-\(text.contains(":") ? text : "0:" + text)\(end)"
    }

    private static func word(_ name: PackageName, _ version: String, _ architecture: String) -> String {
        "\(name)-\(version.contains(":") ? version : "0:" + version).\(architecture)"
    }

    /// Each installed version of it: of a kernel there may be several.
    private func present(_ wanted: PackageOrder.Wanted, _ installed: InstalledPackages) -> [String] {
        installed.all.filter {
            wanted.means($0.name, $0.architecture)
                && (wanted.leaving == nil || $0.version == wanted.leaving?.description)
        }
        .map { Self.word(wanted.name, $0.version, $0.architecture) }
    }

    /// The request once more, with what dnf has chosen written out.
    private func exact(_ request: [String], _ order: PackageOrder, _ table: DnfTable) -> [String] {
        guard request.first == "install" || request.first == "upgrade", order.verb != .upgradeAll else {
            return request
        }
        let names = Set(order.packages.map(\.name))
        let chosen = table.arriving.filter { names.contains($0.name) }
        return request.prefix(2) + chosen.map { Self.word($0.name, $0.version.description, $0.architecture) }
    }

    func simulate(_ words: [String], _ stage: TransactionStage) throws(TransactionFault) -> DnfTable {
        var result = try dnf.run(["--cacheonly", "--assumeno"] + (try spelled(words)), stage)
        if DnfProgram.lacksMetadata(result) { result = try dnf.run(["--assumeno"] + (try spelled(words)), stage) }
        let isAnswer =
            result.succeeded || result.exitStatus == 1 && result.errorText.contains("Operation aborted.")
        // `dnf shell` always ends well.
        let isRefused = words.contains("shell") && result.outputText.contains("Problem")
        guard isAnswer, !isRefused else { throw TransactionFault(dnf: result, "plan it") }
        do throws(DnfTable.Nonsense) {
            return try DnfTable(result.outputText)
        } catch {
            throw TransactionFault(
                .packageManager, "cannot understand what dnf plans, at '\(error.line.harmless(limit: 100))'")
        }
    }

    // MARK: What is refused

    private func refuseUnknown(
        _ order: PackageOrder, _ installed: InstalledPackages
    ) throws(TransactionFault) {
        let needsInstalled = order.verb == .upgrade || order.verb == .remove
        for wanted in order.packages where installed[wanted.name] == nil {
            if needsInstalled {
                throw TransactionFault(.packageNotFound, "package \(wanted.name) is not installed")
            }
        }
        guard order.verb != .remove, order.verb != .upgradeAll, !order.packages.isEmpty else { return }
        let (known, held): ([Known], [Upgrade])
        do throws(PackageFault) {
            known = try repositories(know: order.packages.map(\.name), evenExcluded: true)
            held = try upgrades().filter(\.isHeld)
        } catch {
            throw TransactionFault(asking: error)
        }
        for wanted in order.packages {
            let present = installed.all.filter { $0.name == wanted.name }
            let offered = known.filter { $0.name == wanted.name }.map(\.version)
            if let version = wanted.version {
                let isPresent = present.contains { $0.version == version.description }
                guard isPresent || offered.contains(version) else { throw Self.unknown(wanted.name, version, offered) }
                if order.verb == .upgrade,
                    let newer = present.first(where: {
                        RpmVersionOrder.isOlder(version.description, $0.version)
                    })
                {
                    throw TransactionFault(
                        .versionNotFound, "\(wanted.name) \(version) is older than \(newer.version), which is installed"
                    )
                }
            } else if order.verb != .restore, present.isEmpty, offered.isEmpty {
                throw TransactionFault(
                    .packageNotFound, "no repository of this host has a package \(wanted.name): is its name right?")
            }
            guard let hold = held.first(where: { $0.name == wanted.name }) else { continue }
            if wanted.version == nil && order.verb != .restore || wanted.version == hold.available {
                throw TransactionFault(held: hold, by: "a lock of its version, or an exclusion (dnf versionlock list)")
            }
        }
    }

    private static func unknown(
        _ name: PackageName, _ version: PackageVersion, _ offered: [PackageVersion]
    ) -> TransactionFault {
        if offered.isEmpty {
            return TransactionFault(.packageNotFound, "no repository of this host has a package \(name)")
        }
        let others = Set(offered.map(\.description)).sorted(by: RpmVersionOrder.isOlder).suffix(5).joined(
            separator: ", ")
        return TransactionFault(
            .versionNotFound, "no repository of this host has \(name) in version \(version); it has \(others)")
    }

    private func refuseRemovals(_ table: DnfTable, _ order: PackageOrder) throws(TransactionFault) {
        let named = Set(order.packages.filter { order.verb == .remove || $0.version == nil }.map(\.name))
        let mayRemove = order.verb == .remove || order.verb == .restore
        // Of kernels the oldest goes when a newer one comes, as dnf.conf(5) has it (installonly_limit).
        let arriving = Set(table.arriving.map(\.name))
        let removed = table.leaving.filter {
            !arriving.contains($0.name) && !(mayRemove && named.contains($0.name))
        }
        let gone = removed.map { "\($0.name)" } + table.replaced.map { "\($0.name)" }
        guard gone.isEmpty else {
            throw TransactionFault(
                .removalRefused,
                "dnf would remove what nobody asked for: \(gone.joined(separator: ", ").harmless(limit: 600))")
        }
    }

    /// What was asked for has to be in the plan, unless it is so already.
    private func refuseOthers(
        _ table: DnfTable, _ order: PackageOrder, _ installed: InstalledPackages
    ) throws(TransactionFault) {
        for wanted in order.packages where order.verb != .remove && !(order.verb == .restore && wanted.version == nil) {
            if table.arriving.contains(where: {
                $0.name == wanted.name && (wanted.version == nil || $0.version == wanted.version)
            }) {
                continue
            }
            let present = installed.all.filter { $0.name == wanted.name }.map(\.version)
            if let version = wanted.version?.description {
                if present.contains(version) { continue }
            } else if !present.isEmpty {
                continue
            }
            throw TransactionFault(
                .packageNotFound,
                "dnf would not bring \(wanted.name) \(wanted.version?.description ?? ""): is it excluded?")
        }
    }
}

extension TransactionFault {
    init(held upgrade: Upgrade, by what: String) {
        self.init(
            .dependencyConflict,
            "package \(upgrade.name) is held at \(upgrade.current) by \(what): it is left as it is until that is taken back"
        )
    }
}

extension DnfTable {
    /// Each package before and after.
    func changes(_ installed: InstalledPackages) -> [PackageChange] {
        var leaving = leaving
        var changes: [PackageChange] = []
        for row in arriving {
            let gone = leaving.firstIndex { $0.name == row.name && $0.architecture == row.architecture }
            var before: PackageVersion?
            if let gone {
                before = leaving.remove(at: gone).version
            } else if !row.isAdded {
                let present = installed.all.filter { $0.name == row.name }
                let same = present.filter { $0.architecture == row.architecture }
                before = (same.isEmpty ? present : same).max { RpmVersionOrder.isOlder($0.version, $1.version) }
                    .flatMap { PackageVersion($0.version) }
            }
            changes.append(
                PackageChange(
                    row.name, architecture: row.architecture, from: before, to: row.version, origin: row.repository))
        }
        changes += leaving.map { PackageChange($0.name, architecture: $0.architecture, from: $0.version, to: nil) }
        changes += replaced.map { PackageChange($0.name, architecture: $0.architecture, from: $0.version, to: nil) }
        return changes
    }
}
