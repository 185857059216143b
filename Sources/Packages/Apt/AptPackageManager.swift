import Linux
public import Values

/// apt and dpkg, for Debian, Ubuntu and their kin.
///
/// What is on the host is read from dpkg's own files; what could be is asked of apt-get and apt-cache, whose forms of output
/// are kept for scripts. A failing index of one repository does not keep the others from being used: it is told in the summary.
public final class AptPackageManager: TransactionScript {
    public let title = "apt"
    let host: AptHost
    let database: DpkgBackEnd
    private let offers = StampedValue<[Upgrade]>()

    /// Of this host.
    public convenience init() { self.init(.live) }

    /// Of a directory that stands for `/`, which apt learns of by a configuration file and dpkg by its options.
    public convenience init(root: String, configuration: String, dpkgOptions: [String]) {
        self.init(AptHost(root: root, configuration: configuration, dpkgOptions: dpkgOptions))
    }

    private init(_ host: AptHost) {
        self.host = host
        database = DpkgBackEnd(directory: host.database)
    }

    public func packages() throws(PackageFault) -> InstalledPackages { try database.packages() }

    public func upgrades() throws(PackageFault) -> [Upgrade] { try offers.value(stamp: stamp, find: look) }

    /// Of all that apt's answers depend on: dpkg's database, the lists of the repositories, which packages came by
    /// themselves, and apt's configuration. What is edited in place leaves the time of its directory as it was, so each
    /// file counts.
    func stamp() throws(PackageFault) -> FilesStamp {
        let files = [
            "/var/lib/apt/extended_states", "/etc/apt/sources.list", "/etc/apt/preferences", "/etc/apt/apt.conf",
        ]
        let directories = [
            "/var/lib/apt/lists", "/etc/apt/sources.list.d", "/etc/apt/preferences.d", "/etc/apt/apt.conf.d",
        ]
        let around = try FilesStamp(of: files.map(host.path), andIn: directories.map(host.path))
        return try database.stamp().joined(with: around)
    }

    /// An upgrade of all, held packages included; for simulations only.
    static let withHeld = ["--ignore-hold", "--allow-change-held-packages", "dist-upgrade"]

    private func look() throws(PackageFault) -> [Upgrade] {
        let installed = try packages()
        let program = host.get(["--simulate"] + Self.withHeld)
        let text = try ask(program)
        let held = Set(installed.all.filter(\.isHeld).map(\.name))
        return AptSimulation(parsing: text, installed: installed).changes.compactMap { change in
            guard let from = change.from, let to = change.to else { return nil }
            let origin = change.origin ?? ""
            return Upgrade(
                change.name, architecture: change.architecture, current: from, available: to, origin: change.origin,
                isSecurity: origin.lowercased().contains("security"), isHeld: held.contains(change.name))
        }.sorted { $0.name == $1.name ? $0.architecture < $1.architecture : $0.name < $1.name }
    }

    public func versions(of name: PackageName) throws(PackageFault) -> [PackageVersion] {
        let policy = AptPolicy(parsing: try ask(host.cache(["policy", name.description])))
        guard let entry = policy.entries[name] else { return [] }
        let rest = entry.offered.filter { $0 != entry.candidate }
        return entry.candidate.map { entry.offered.contains($0) ? [$0] + rest : rest } ?? rest
    }

    /// When apt last put something there: the files themselves carry the time of the repository.
    public func indexUpdate() -> WallTime? {
        let names = (try? DirectoryListing(of: host.lists, limit: 16384))?.names ?? []
        guard names.contains(where: { $0.hasSuffix("Release") || $0.contains("Packages") }) else { return nil }
        let places = [host.lists, host.lists + "/partial", host.path("/var/lib/apt/periodic/update-success-stamp")]
        return places.compactMap { (try? FileStatus(of: $0))?.modified }.max()
    }

    public func plan(_ order: PackageOrder) throws(TransactionFault) -> PackagePlan {
        try foresee(order, TransactionStage(patience: Self.patience)).plan
    }

    /// For what only asks.
    private static let patience = Interval.seconds(120)

    private func ask(_ program: PackageProgram) throws(PackageFault) -> String {
        do throws(TransactionFault) {
            let result = try TransactionStage(patience: Self.patience).run(program)
            guard result.succeeded else { throw AptFault.of(result, program, host) }
            return result.outputText
        } catch {
            throw .unanswered(program: program.name, reason: error.description)
        }
    }
}
