/// Which of the installed packages are asked for, and in which order.
public struct PackageQuery: Hashable, Sendable {
    public enum Key: String, Hashable, Sendable { case name, version, status }

    /// nil for all.
    public var name: NamePattern?
    public var key: Key
    public var isDescending: Bool

    public init(name: NamePattern? = nil, key: Key = .name, isDescending: Bool = false) {
        self.name = name
        self.key = key
        self.isDescending = isDescending
    }
}

/// What one look at the package database found.
public struct InstalledPackages: Hashable, Sendable {
    /// By name, then architecture; those that were removed and not purged are among them.
    public let all: [InstalledPackage]
    /// The host's own architecture, as dpkg's package tells it.
    private let native: String?

    public init(_ packages: [InstalledPackage]) {
        // What dpkg only remembers the name of is not known to it.
        all = packages.filter { $0.state != .notInstalled }.sorted(by: InstalledPackages.precedes)
        native = packages.first { $0.name.description == "dpkg" && $0.state.isOnHost }?.architecture
    }

    public func answer(to query: PackageQuery) -> [InstalledPackage] {
        var found = all.filter { $0.state.isOnHost && query.name?.matches($0.name) != false }
        switch query.key {
        case .name: break
        case .version:
            found.sort { one, other in
                if PackageVersionOrder.isOlder(one.version, other.version) { return true }
                if PackageVersionOrder.isOlder(other.version, one.version) { return false }
                return InstalledPackages.precedes(one, other)
            }
        // All that is listed has the same status in the contract's words: dpkg's tell more.
        case .status:
            found.sort { one, other in
                one.state == other.state
                    ? InstalledPackages.precedes(one, other) : one.state.rawValue < other.state.rawValue
            }
        }
        return query.isDescending ? found.reversed() : found
    }

    /// The package of that name: one that is installed before one that is not, the host's own architecture first.
    public subscript(name: PackageName) -> InstalledPackage? {
        let candidates = all.filter { $0.name == name }
        let present = candidates.filter(\.state.isOnHost)
        let wanted = present.isEmpty ? candidates : present
        return wanted.first { $0.architecture == native } ?? wanted.first
    }

    /// The installed packages with a need, or an alternative of one, of that name.
    public func dependents(on name: PackageName) -> [PackageName] {
        var found: [PackageName] = []
        for package in all where package.state.isOnHost && package.name != name && found.last != package.name {
            if package.mentions(name.description) { found.append(package.name) }
        }
        return found
    }

    private static func precedes(_ one: InstalledPackage, _ other: InstalledPackage) -> Bool {
        one.name == other.name ? one.architecture < other.architecture : one.name < other.name
    }
}
