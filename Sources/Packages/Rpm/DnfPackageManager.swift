public import Values
import Linux

/// Packages of Fedora, RHEL and their kin, by dnf 4 and rpm.
///
/// What is installed is read from rpm's database. What the repositories hold, and what an order comes to, only dnf can
/// tell, since modules, exclusions and locks of versions decide: it is asked with the metadata that are on the host.
public final class DnfPackageManager: TransactionScript {
    public let title = "dnf"
    let database: RpmBackEnd
    let dnf: DnfProgram
    let root: String
    private let offers = StampedValue<[Upgrade]>()

    /// `root` is the directory that stands for `/`; empty for the host that we run on.
    public init(root: String = "") {
        self.root = root
        database = RpmBackEnd(root: root)
        dnf = DnfProgram(root: root)
    }

    public func packages() throws(PackageFault) -> InstalledPackages { try database.packages() }

    public func upgrades() throws(PackageFault) -> [Upgrade] {
        try offers.value(stamp: stamp, find: findUpgrades)
    }

    public func versions(of name: PackageName) throws(PackageFault) -> [PackageVersion] {
        let known = try repositories(know: [name])
        var versions: [PackageVersion] = []
        for entry in known where !versions.contains(entry.version) { versions.append(entry.version) }
        return versions.sorted { RpmVersionOrder.isOlder($1.description, $0.description) }
    }

    /// dnf gives the metadata of a repository the time when it last saw that they are of today.
    public func indexUpdate() -> WallTime? { (try? FilesStamp(of: metadata))?.newest }

    public func plan(_ order: PackageOrder) throws(TransactionFault) -> PackagePlan {
        try foresee(order, TransactionStage(patience: .seconds(180))).plan
    }

    // MARK: What the repositories hold

    /// A package of a repository.
    struct Known: Hashable {
        var name: PackageName
        var version: PackageVersion
        var architecture: String
        var repository: String

        static let format = "%{name}\t%{epoch}\t%{version}\t%{release}\t%{arch}\t%{repoid}"

        init?(_ line: Substring) {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 6, let name = PackageName(fields[0]),
                let version = RpmRecords.version(epoch: fields[1], fields[2], fields[3])
            else { return nil }
            self.name = name
            self.version = version
            architecture = fields[4]
            repository = fields[5]
        }
    }

    /// Every version of exactly these packages; dnf itself would also take what merely provides such a name.
    func repositories(know names: [PackageName], evenExcluded: Bool = false) throws(PackageFault) -> [Known] {
        let words = (evenExcluded ? ["--disableexcludes=all"] : []) + ["--available", "--showduplicates"]
        return try query(words, names.map(\.description)).filter { names.contains($0.name) }
    }

    private func query(_ words: [String], _ names: [String] = []) throws(PackageFault) -> [Known] {
        let text = try dnf.answer(["repoquery"] + words + ["--queryformat", Known.format, "--"] + names)
        return text.split(separator: "\n").compactMap { Known($0) }
    }

    private func findUpgrades() throws(PackageFault) -> [Upgrade] {
        var newest: [String: Known] = [:]
        for known in try query(["--upgrades", "--disableexcludes=all"]) {
            let key = "\(known.name).\(known.architecture)"
            if let other = newest[key],
                !RpmVersionOrder.isOlder(other.version.description, known.version.description)
            {
                continue
            }
            newest[key] = known
        }
        guard !newest.isEmpty else { return [] }
        let allowed = try allowedUpgrades()
        let fixes = Set(try query(["--upgrades", "--disableexcludes=all", "--security"]).map { "\($0.name)" })
        let installed = try packages()
        return newest.sorted { $0.key < $1.key }.compactMap { key, known in
            let present = installed.all.filter { $0.name == known.name }
            let same = present.filter { $0.architecture == known.architecture }
            let current = (same.isEmpty ? present : same).max { RpmVersionOrder.isOlder($0.version, $1.version) }
            return current.flatMap { PackageVersion($0.version) }.map {
                Upgrade(
                    known.name, architecture: known.architecture, current: $0, available: known.version,
                    origin: known.repository, isSecurity: fixes.contains("\(known.name)"),
                    isHeld: !allowed.contains(key))
            }
        }
    }

    /// `name.architecture` of what is not excluded and not locked: `check-update` heeds both, `repoquery` only exclusions.
    private func allowedUpgrades() throws(PackageFault) -> Set<String> {
        let text = try dnf.answer(["check-update"], accepting: [0, 100])
        return Self.allowed(text)
    }

    static func allowed(_ text: String) -> Set<String> {
        var names: Set<String> = []
        var rest: [Substring] = []
        for line in text.split(separator: "\n") {
            // What comes after it are packages of other names that would take the place of these.
            if line.hasPrefix("Obsoleting Packages") { break }
            rest += line.split(separator: " ")
            // A name that is too long has its line for itself.
            guard rest.count >= 3 else { continue }
            names.insert(String(rest[0]))
            rest = []
        }
        return names
    }

    // MARK: What its answers depend on

    private func stamp() throws(PackageFault) -> FilesStamp {
        let files = ["/etc/dnf/dnf.conf", "/etc/yum.conf"].map { root + $0 }
        let directories = ["/etc/yum.repos.d", "/etc/dnf/plugins", "/etc/dnf/vars", "/etc/yum/vars"]
        let around = try FilesStamp(of: files + metadata, andIn: directories.map { root + $0 })
        return try database.stamp().joined(with: around)
    }

    /// The index of each repository.
    private var metadata: [String] {
        let cache = root + "/var/cache/dnf"
        let names = (try? DirectoryListing(of: cache))?.names ?? []
        return names.filter { !$0.contains(".") }.map { cache + "/" + $0 + "/repodata/repomd.xml" }
    }
}
