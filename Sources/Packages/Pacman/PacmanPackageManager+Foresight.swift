import Linux
import Values

/// What an order comes to, by pacman's own `--print`.
///
/// Arch supports no host of which a part is newer than the rest: its libraries change without changing their names. So
/// an installation or an upgrade goes along with the upgrade of all that is due, and says so; who wants to leave a
/// package as it is says it in IgnorePkg. Versions that an order names come from pacman's own store, alone.
extension PacmanPackageManager {
    public func foresee(_ order: PackageOrder, _ stage: TransactionStage) throws(TransactionFault) -> ForeseenPlan {
        let installed: InstalledPackages
        let due: [Upgrade]
        let known: [Known]
        let ignored: Set<String>
        do throws(PackageFault) {
            installed = try packages()
            due = try upgrades()
            known = try repositories()
            ignored = Set(try pacman.setting("IgnorePkg"))
        } catch {
            throw TransactionFault(asking: error)
        }
        var tasks = PacmanTasks()
        for wanted in order.packages {
            try add(wanted, of: order, to: &tasks, installed, known, ignored)
        }
        let isDue = due.contains { !$0.isHeld }
        var note = ""
        if order.verb == .upgradeAll || !tasks.targets.isEmpty && isDue && order.verb != .restore {
            tasks.upgradesAll = true
            let others = due.filter { upgrade in !upgrade.isHeld && !order.packages.contains { $0.name == upgrade.name }
            }
            if order.verb != .upgradeAll, !others.isEmpty {
                note = "all that is due is upgraded with it, since Arch supports no partial upgrades"
            }
        }
        return try foresee(tasks, installed, note, stage)
    }

    private func add(
        _ wanted: PackageOrder.Wanted, of order: PackageOrder, to tasks: inout PacmanTasks,
        _ installed: InstalledPackages, _ known: [Known], _ ignored: Set<String>
    ) throws(TransactionFault) {
        let name = wanted.name
        let present = installed[name]
        if present == nil, order.verb == .upgrade || order.verb == .remove {
            throw TransactionFault(.packageNotFound, "package \(name) is not installed")
        }
        // What is gone already needs no removal.
        if present == nil, order.verb == .restore, wanted.version == nil { return }
        if order.verb == .remove || order.verb == .restore && wanted.version == nil {
            tasks.removals.append(name)
            return
        }
        let offered = known.first { $0.name == name }
        if let version = wanted.version {
            if present?.version == version.description { return }
            if order.verb == .upgrade, let present, PacmanVersionOrder.isOlder(version.description, present.version) {
                throw TransactionFault(
                    .versionNotFound, "\(name) \(version) is older than \(present.version), which is installed")
            }
            if let file = stored(name).first(where: { $0.version == version }) {
                tasks.files.append(file.path)
                return
            }
            guard offered?.version == version else {
                let others = (offered.map { [$0.version] } ?? []) + stored(name).map(\.version)
                throw TransactionFault(
                    offered == nil && others.isEmpty ? .packageNotFound : .versionNotFound,
                    "neither a repository nor \(pacman.packages) has \(name) in version \(version); there is "
                        + (others.isEmpty ? "none" : others.prefix(5).map(\.description).joined(separator: ", ")))
            }
        } else if offered == nil, present == nil {
            throw TransactionFault(
                .packageNotFound, "no repository of this host has a package \(name): is its name right?")
        }
        // What is installed and in no repository stays as it is.
        guard let offered else { return }
        if ignored.contains("\(name)"), let present, let current = PackageVersion(present.version) {
            throw TransactionFault(
                held: Upgrade(
                    name, architecture: present.architecture, current: current, available: offered.version, isHeld: true
                ),
                by: "IgnorePkg in \(pacman.configuration)")
        }
        tasks.targets.append("\(offered.repository)/\(name)")
    }

    private func foresee(
        _ wanted: PacmanTasks, _ installed: InstalledPackages, _ earlierNote: String, _ stage: TransactionStage
    ) throws(TransactionFault) -> ForeseenPlan {
        var tasks = wanted
        var note = earlierNote
        var changes = try arrivals(tasks, installed, stage)
        // Only where all is upgraded does pacman put one package in another's place.
        let replaced = tasks.upgradesAll ? try replacements(changes, installed) : []
        if !replaced.isEmpty {
            // pacman would take them away without being asked for it.
            tasks.ignored = replaced.map(\.description)
            note += (note.isEmpty ? "" : "; ") + "left as they are, since other packages would take their place: "
            note += tasks.ignored.joined(separator: ", ")
            changes = try arrivals(tasks, installed, stage)
        }
        if !tasks.removals.isEmpty {
            // After a restoration nothing may need them any more; before it something may.
            if changes.isEmpty { try mayRemove(tasks.removals, stage) }
            for name in tasks.removals {
                guard let package = installed[name] else { continue }
                changes.append(
                    PackageChange(
                        name, architecture: package.architecture, from: PackageVersion(package.version), to: nil))
            }
        }
        return ForeseenPlan(PackagePlan(changes), words: tasks.words, note: note.harmless(limit: 1000))
    }

    /// What comes, in pacman's words: `core openssl 3.3-1 openssl-3.3-1-x86_64.pkg.tar.zst`.
    private func arrivals(
        _ tasks: PacmanTasks, _ installed: InstalledPackages, _ stage: TransactionStage
    ) throws(TransactionFault) -> [PackageChange] {
        var changes: [PackageChange] = []
        for words in tasks.arriving {
            let shape = ["--print", "--print-format", "%r %n %v %l"]
            let result = try stage.run(pacman(words.prefix(1) + shape + words.dropFirst()))
            guard result.succeeded else { throw TransactionFault(pacman: result, "plan it") }
            for line in result.outputText.split(separator: "\n") {
                let words = line.split(separator: " ")
                guard words.count == 4, let name = PackageName(String(words[1])),
                    let version = PackageVersion(String(words[2]))
                else { continue }
                let file = words[3].split(separator: "/").last.map(String.init) ?? ""
                let present = installed[name]
                let architecture = Self.parts(file)?.architecture ?? present?.architecture ?? ""
                let before = present.flatMap { PackageVersion($0.version) }
                // pacman's name for what comes from a file.
                let origin = words[0] == "local" ? nil : String(words[0])
                changes.append(
                    PackageChange(name, architecture: architecture, from: before, to: version, origin: origin))
            }
        }
        return changes
    }

    /// Installed packages in whose place one of those that come would be put.
    private func replacements(
        _ changes: [PackageChange], _ installed: InstalledPackages
    ) throws(TransactionFault) -> [PackageName] {
        let words = changes.compactMap { change in change.origin.map { $0 + "/" + change.name.description } }
        guard !words.isEmpty else { return [] }
        let lines: [Substring]
        do throws(PackageFault) {
            lines = try pacman.answer(["--sync", "--info", "--"] + words)
        } catch {
            throw TransactionFault(asking: error)
        }
        var replaced: [PackageName] = []
        for line in lines where line.hasPrefix("Replaces ") {
            for word in line.split(separator: ":", maxSplits: 1).last?.split(separator: " ") ?? [] {
                let need = PacmanNeed(word)
                guard let name = PackageName(need.name), let present = installed[name], need.holds(of: present.version),
                    !replaced.contains(name)
                else { continue }
                replaced.append(name)
            }
        }
        return replaced
    }

    private func mayRemove(_ names: [PackageName], _ stage: TransactionStage) throws(TransactionFault) {
        let result = try stage.run(pacman(["--remove", "--print", "--"] + names.map(\.description)))
        guard !result.succeeded else { return }
        let needed = (result.errorText + result.outputText).split(separator: "\n").filter {
            $0.contains("breaks dependency")
        }
        guard !needed.isEmpty else { throw TransactionFault(pacman: result, "plan it") }
        throw TransactionFault(
            .removalRefused,
            "other packages would have to go, too: "
                + needed.prefix(10).map { String($0.dropFirst(3)).harmless() }.joined(separator: "; "))
    }
}
