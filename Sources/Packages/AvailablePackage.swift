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
