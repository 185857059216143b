import Values

/// What an order may name, and what a plan may do.
extension AptPackageManager {
    /// Each name is one that dpkg or a repository knows, by itself and as a whole: what apt takes for patterns, tasks or
    /// modifiers is none.
    func check(
        _ order: PackageOrder, _ installed: InstalledPackages, _ stage: TransactionStage
    ) throws(TransactionFault) {
        guard !order.packages.isEmpty else { return }
        var seen: Set<[String]> = []
        for wanted in order.packages where !seen.insert([wanted.name.description, wanted.architecture ?? ""]).inserted {
            throw TransactionFault(.packageManager, "the order names \(wanted.name) twice: nothing was done")
        }
        let present = order.packages.filter { installed[$0.name]?.state.isOnHost == true }.map(\.name)
        for wanted in order.packages where installed[wanted.name]?.isHeld == true && present.contains(wanted.name) {
            throw TransactionFault(
                .packageManager,
                "\(wanted.name) is held: a person asked to leave it as it is; release it with 'apt-mark unhold \(wanted.name)' "
                    + "where the order is meant")
        }
        if order.verb == .upgrade, let missing = order.packages.first(where: { !present.contains($0.name) }) {
            throw TransactionFault(.packageNotFound, "\(missing.name) is not installed, so it can't be upgraded")
        }
        let program = host.cache(["policy"] + Set(order.packages.map(\.name.description)).sorted())
        let result = try stage.run(program)
        guard result.succeeded else { throw AptFault.of(result, program, host) }
        let policy = AptPolicy(parsing: result.outputText)
        for wanted in order.packages {
            try check(wanted, order.verb, policy.entries[wanted.name], installed[wanted.name])
        }
    }

    private func check(
        _ wanted: PackageOrder.Wanted, _ verb: PackageOrder.Verb, _ entry: AptPolicy.Entry?,
        _ present: InstalledPackage?
    ) throws(TransactionFault) {
        let name = wanted.name
        guard let entry, !entry.versions.isEmpty || present != nil else {
            throw TransactionFault(
                .packageNotFound,
                "no repository of this host has a package of exactly the name '\(name)'; look at the name, and "
                    + "ask the repositories anew")
        }
        if verb == .remove || verb == .restore && wanted.version == nil { return }
        if let version = wanted.version {
            // A `+` or `-` at the end of a word has a meaning of its own to apt.
            let isReadable = !version.description.hasSuffix("+") && !version.description.hasSuffix("-")
            guard isReadable, entry.versions.contains(version) else {
                let offered = entry.offered.prefix(5).map(\.description).joined(separator: ", ")
                throw TransactionFault(
                    .versionNotFound,
                    "no repository of this host has \(name) in version \(version); there is "
                        + (offered.isEmpty ? "none" : offered))
            }
        } else if present?.state.isOnHost != true, entry.candidate == nil {
            throw TransactionFault(
                .packageNotFound, "\(name) is known, but no repository of this host has it to install")
        }
    }

    /// A plan that does what nobody ordered is refused, whatever apt thinks of it.
    func judge(
        _ changes: [PackageChange], _ order: PackageOrder, _ installed: InstalledPackages
    ) throws(TransactionFault) {
        func ordered(_ change: PackageChange) -> PackageOrder.Wanted? {
            order.packages.first { $0.means(change.name, change.architecture) }
        }
        let removals = changes.filter { change in
            guard change.to == nil else { return false }
            guard let wanted = ordered(change) else { return true }
            return !(order.verb == .remove || order.verb == .restore && wanted.version == nil)
        }
        guard removals.isEmpty else {
            throw TransactionFault(
                .removalRefused,
                "it would remove \(Self.list(removals.map(\.name))), which nobody ordered; order that by name where it is meant"
            )
        }
        let downgrades = changes.filter { change in
            guard let from = change.from, let to = change.to, ordered(change)?.version == nil else { return false }
            return PackageVersionOrder.isOlder(to.description, from.description)
        }
        guard downgrades.isEmpty else {
            throw TransactionFault(
                .dependencyConflict,
                "it would bring an older version of \(Self.list(downgrades.map(\.name))), which nobody ordered")
        }
        for wanted in order.packages {
            guard let version = wanted.version, order.verb != .remove else { continue }
            let result = changes.first { $0.name == wanted.name }?.to?.description ?? installed[wanted.name]?.version
            guard result == version.description else {
                throw TransactionFault(
                    .versionNotFound,
                    "apt would not bring \(wanted.name) to version \(version), but to \(result ?? "none")")
            }
        }
    }
}
