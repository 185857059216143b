public import Values

/// A package manager as the agent uses it. Everything here may start its programs and so take seconds: it is for a thread
/// that may wait, never for an event loop.
public protocol PackageManager: PackageBackEnd {
    /// `apt`, `dnf`, `pacman`, `apk`: for messages and for the audit log.
    var title: String { get }

    /// What a newer version is offered for. Kept for as long as nothing that it depends on has changed, so that asking
    /// again costs a few calls of stat(2).
    func upgrades() throws(PackageFault) -> [Upgrade]

    /// The versions that the repositories offer of exactly that package, the one that would be taken first; empty where
    /// they do not know it.
    func versions(of name: PackageName) throws(PackageFault) -> [PackageVersion]

    /// What the repositories offer and this host does not have, of the names that the query asks for, in its order.
    func available(_ query: PackageQuery) throws(PackageFault) -> [AvailablePackage]

    /// When the index of the repositories was brought here last; nil where that is not known.
    func indexUpdate() -> WallTime?

    /// What the order comes to, by the package manager's own simulation; changes nothing.
    func plan(_ order: PackageOrder) throws(TransactionFault) -> PackagePlan
}

/// Why an order is not, or was not, carried out. Its code is what the manager is told.
public struct TransactionFault: Error, Hashable, Sendable, Codable, CustomStringConvertible {
    /// The words of the contract (`error_code` of a job).
    public enum Code: String, Hashable, Sendable, Codable {
        case packageNotFound = "PKG_NOT_FOUND"
        case versionNotFound = "VERSION_NOT_FOUND"
        case dependencyConflict = "DEPENDENCY_CONFLICT"
        /// The package manager would remove what nobody asked it to remove.
        case removalRefused = "REMOVAL_REFUSED"
        case planChanged = "PLAN_CHANGED"
        case network = "NETWORK_ERROR"
        case signature = "GPG_ERROR"
        case locked = "PKG_MANAGER_LOCKED"
        case diskFull = "DISK_FULL"
        case permissionDenied = "PERMISSION_DENIED"
        case commandNotFound = "COMMAND_NOT_FOUND"
        /// Somebody or something ended it half-way.
        case interrupted = "INTERRUPTED"
        /// An earlier run was interrupted, and what it left could not be put right.
        case databaseBroken = "PKG_DATABASE_BROKEN"
        case timeout = "TIMEOUT"
        case indexRefresh = "CACHE_REFRESH_ERROR"
        case packageManager = "PKG_MANAGER_ERROR"
        case noUpdate = "NO_UPDATE_AVAILABLE"
    }

    public var code: Code
    /// For a person: what was tried, on what, why it failed, and what to do.
    public var description: String

    public init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
