/// What the package manager is to do: written down before it begins, and read by the process that does it.
public struct PackageOrder: Codable, Hashable, Sendable {
    public enum Verb: String, Codable, Hashable, Sendable {
        /// What is there already is brought to the version that is wanted, or left alone.
        case install
        /// Only what is installed; what is not is refused.
        case upgrade
        /// Everything for which there is something newer.
        case upgradeAll = "upgrade_all"
        /// Files go, configuration stays.
        case remove
        /// Exactly these versions, older ones too; a package without a version is removed. What a rollback asks for.
        case restore
    }

    public struct Wanted: Codable, Hashable, Sendable {
        public var name: PackageName
        /// nil for the newest that the host's pins allow.
        public var version: PackageVersion?
        /// In a restore, the only version that goes, where others may stay as rpm's kernels do; nil for each.
        public var leaving: PackageVersion?
        /// In a restore, which of the host's architectures is meant; nil for the only one, or the native one.
        public var architecture: String?

        public init(
            _ name: PackageName, version: PackageVersion? = nil, leaving: PackageVersion? = nil,
            architecture: String? = nil
        ) {
            self.name = name
            self.version = version
            self.leaving = leaving
            self.architecture = architecture
        }

        /// Whether a package of that name and architecture is meant.
        func means(_ name: PackageName, _ architecture: String) -> Bool {
            self.name == name && (self.architecture == nil || self.architecture == architecture)
        }
    }

    public var verb: Verb
    public var packages: [Wanted]
    /// Takes packages that nobody signed.
    public var allowsUnsigned = false
    public var withoutRecommends = false
    /// Asks the repositories anew before anything is planned.
    public var refreshesIndex = false
    /// The plan that a person has seen; another one is refused.
    public var planDigest: String?

    public init(_ verb: Verb, _ packages: [Wanted] = []) {
        self.verb = verb
        self.packages = packages
    }
}

/// One package before and after.
public struct PackageChange: Codable, Hashable, Sendable {
    public var name: PackageName
    public var architecture: String
    /// nil where it was not installed.
    public var from: PackageVersion?
    /// nil where it is not installed any more.
    public var to: PackageVersion?
    /// Where the new version comes from, in the package manager's words: `Debian-Security:12/stable-security`.
    public var origin: String?

    public init(
        _ name: PackageName, architecture: String, from: PackageVersion?, to: PackageVersion?, origin: String? = nil
    ) {
        self.name = name
        self.architecture = architecture
        self.from = from
        self.to = to
        self.origin = origin
    }
}

extension PackageOrder.Wanted {
    /// The package as it was before `change`.
    public init(takingBack change: PackageChange) {
        self.init(
            change.name, version: change.from, leaving: change.from == nil ? change.to : nil,
            architecture: change.architecture)
    }
}

extension PackageChange {
    /// Whether the package is now as it was to be.
    func isDone(in installed: InstalledPackages) -> Bool {
        let present = installed.all.filter { $0.name == name && $0.state.isOnHost }
        if let to { return present.contains { $0.version == to.description } }
        return !present.contains { $0.architecture == architecture && $0.version == from?.description }
    }
}

/// A package that repositories have in a newer version than this host, held ones included.
public struct Upgrade: Hashable, Sendable {
    public var name: PackageName
    public var architecture: String
    public var current: PackageVersion
    public var available: PackageVersion
    /// As in `PackageChange`.
    public var origin: String?
    /// Its repository is one of security fixes.
    public var isSecurity: Bool
    /// A person asked the package manager to leave it as it is.
    public var isHeld: Bool

    public init(
        _ name: PackageName, architecture: String, current: PackageVersion, available: PackageVersion,
        origin: String? = nil, isSecurity: Bool = false, isHeld: Bool = false
    ) {
        self.name = name
        self.architecture = architecture
        self.current = current
        self.available = available
        self.origin = origin
        self.isSecurity = isSecurity
        self.isHeld = isHeld
    }
}

/// What would be done, as the package manager itself foresees it.
public struct PackagePlan: Hashable, Sendable {
    /// By name, then architecture.
    public let changes: [PackageChange]
    /// SHA-256 over all of it, in hexadecimal digits: equal plans have equal digests, on every host.
    public let digest: String

    public init(_ changes: [PackageChange]) {
        self.changes = changes.sorted {
            $0.name == $1.name ? $0.architecture < $1.architecture : $0.name < $1.name
        }
        digest = PlanDigest.of(self.changes)
    }

    public var removals: [PackageChange] { changes.filter { $0.to == nil } }
}
