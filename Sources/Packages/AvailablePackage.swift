/// A package that the repositories offer, in the version that would be taken.
public struct AvailablePackage: Hashable, Sendable {
    public var name: PackageName
    public var version: PackageVersion
    public var architecture: String
    /// One line; may be empty.
    public var summary: String

    public init(_ name: PackageName, version: PackageVersion, architecture: String, summary: String) {
        self.name = name
        self.version = version
        self.architecture = architecture
        self.summary = summary
    }
}

extension PackageQuery {
    /// What is offered, in the order that is asked for; all of it has the same status.
    func order(_ packages: [AvailablePackage]) -> [AvailablePackage] {
        let sorted = packages.sorted { one, other in
            if key == .version, one.version != other.version {
                return PackageVersionOrder.isOlder(one.version.description, other.version.description)
            }
            return one.name == other.name ? one.architecture < other.architecture : one.name < other.name
        }
        return isDescending ? sorted.reversed() : sorted
    }
}
