/// What is different between two looks at a package database.
public enum PackageDifference {
    public static func changes(from before: InstalledPackages, to after: InstalledPackages) -> [PackageChange] {
        let (old, new) = (versions(before), versions(after))
        let keys = Set(old.keys).union(new.keys)
        return keys.filter { old[$0] != new[$0] }
            .map { PackageChange($0.name, architecture: $0.architecture, from: old[$0], to: new[$0]) }
            .sorted { $0.name == $1.name ? $0.architecture < $1.architecture : $0.name < $1.name }
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

    private static func versions(_ packages: InstalledPackages) -> [Key: PackageVersion] {
        var found: [Key: PackageVersion] = [:]
        for package in packages.all where package.state.isOnHost {
            guard let version = PackageVersion(package.version) else { continue }
            found[Key(name: package.name, architecture: package.architecture)] = version
        }
        return found
    }
}
