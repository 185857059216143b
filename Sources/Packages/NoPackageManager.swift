public import Values

/// Of a host that has none that the agent knows: every question is answered with that.
public struct NoPackageManager: PackageManager {
    public init() {}

    public let title = "none"
    public func packages() throws(PackageFault) -> InstalledPackages { throw .missing }
    public func upgrades() throws(PackageFault) -> [Upgrade] { throw .missing }
    public func versions(of name: PackageName) throws(PackageFault) -> [PackageVersion] { throw .missing }
    public func available(_ query: PackageQuery) throws(PackageFault) -> [AvailablePackage] { throw .missing }
    public func indexUpdate() -> WallTime? { nil }

    public func plan(_ order: PackageOrder) throws(TransactionFault) -> PackagePlan {
        throw TransactionFault(.commandNotFound, PackageFault.missing.description)
    }
}
