/// What is different between two looks at a package database.
public enum PackageDifference {
    public static func changes(from before: InstalledPackages, to after: InstalledPackages) -> [PackageChange] {
        let (old, new) = (versions(before), versions(after))
        var changes: [PackageChange] = []
        for key in Set(old.keys).union(new.keys) {
            for step in steps(from: old[key] ?? [], to: new[key] ?? []) {
                changes.append(PackageChange(key.name, architecture: key.architecture, from: step.from, to: step.to))
            }
        }
        return changes.sorted { $0.name == $1.name ? $0.architecture < $1.architecture : $0.name < $1.name }
    }

    /// One version takes the other's place. Where there are several, as of rpm's kernels, each comes and goes by itself.
    private static func steps(
        from old: Set<PackageVersion>, to new: Set<PackageVersion>
    ) -> [(from: PackageVersion?, to: PackageVersion?)] {
        if old == new { return [] }
        if old.count == 1, new.count == 1 { return [(old.first, new.first)] }
        func sorted(_ versions: Set<PackageVersion>) -> [PackageVersion] {
            versions.sorted { PackageVersionOrder.isOlder($0.description, $1.description) }
        }
        let gone = sorted(old.subtracting(new)).map { (from: PackageVersion?.some($0), to: PackageVersion?.none) }
        let come = sorted(new.subtracting(old)).map { (from: PackageVersion?.none, to: PackageVersion?.some($0)) }
        return gone + come
    }

    /// `12 upgraded, 1 newly installed`.
    public static func summary(of changes: [PackageChange]) -> String {
        var (upgraded, downgraded, installed, removed) = (0, 0, 0, 0)
        for change in changes {
            switch (change.from, change.to) {
            case (let from?, let to?):
                if PackageVersionOrder.isOlder(to.description, from.description) {
                    downgraded += 1
                } else {
                    upgraded += 1
                }
            case (nil, _): installed += 1
            case (_, nil): removed += 1
            }
        }
        let parts = [
            (upgraded, "upgraded"), (installed, "newly installed"), (downgraded, "downgraded"), (removed, "removed"),
        ]
        let words = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return words.isEmpty ? "no package changed" : words.joined(separator: ", ")
    }

    private struct Key: Hashable {
        var name: PackageName
        var architecture: String
    }

    private static func versions(_ packages: InstalledPackages) -> [Key: Set<PackageVersion>] {
        var found: [Key: Set<PackageVersion>] = [:]
        for package in packages.all where package.state.isOnHost {
            guard let version = PackageVersion(package.version) else { continue }
            found[Key(name: package.name, architecture: package.architecture), default: []].insert(version)
        }
        return found
    }
}
