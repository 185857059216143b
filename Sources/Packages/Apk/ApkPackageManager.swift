import Linux
public import Values

/// Packages of Alpine Linux, by apk.
///
/// What is installed is read from apk's own file; the rest is asked of apk. A version that an order names stays in
/// /etc/apk/world, as apk has it: the package is held there until it is installed without a version.
public final class ApkPackageManager: TransactionScript {
    public let title = "apk"
    let database: ApkBackEnd
    let root: String
    private let offers = StampedValue<[Upgrade]>()

    /// `root` is the directory that stands for `/`; empty for the host that we run on.
    public init(root: String = "") {
        self.root = root
        database = ApkBackEnd(root: root)
    }

    public func packages() throws(PackageFault) -> InstalledPackages { try database.packages() }

    /// None is told to be one of security: Alpine's repositories do not say it.
    public func upgrades() throws(PackageFault) -> [Upgrade] {
        try offers.value(stamp: stamp, find: findUpgrades)
    }

    public func versions(of name: PackageName) throws(PackageFault) -> [PackageVersion] {
        ApkPolicy.versions(of: name, in: try answer(["policy", "\(name)"]))
    }

    public func indexUpdate() -> WallTime? { (try? FilesStamp(of: indices))?.newest }

    public func plan(_ order: PackageOrder) throws(TransactionFault) -> PackagePlan {
        try foresee(order, TransactionStage(patience: .seconds(60))).plan
    }

    func program(_ arguments: [String], waiting seconds: Int = 10) -> PackageProgram {
        var words = ["--no-progress", "--wait", "\(seconds)"]
        if !root.isEmpty { words += ["--root", root] }
        return PackageProgram(path, words + arguments)
    }

    /// Alpine has it in /sbin; elsewhere it is where programs are.
    private var path: String {
        (try? FileStatus(of: "/sbin/apk")) != nil ? "/sbin/apk" : "/usr/bin/apk"
    }

    func answer(_ arguments: [String]) throws(PackageFault) -> String {
        try program(arguments).answer(within: 60_000_000).outputText
    }

    /// What a person asked for, with what they require of its version: `nginx`, `musl=1.2.4-r1`, `bash@edge`.
    func world() -> [String] {
        var bytes: [UInt8] = []
        do throws(SystemError) {
            bytes = try RegularFile(root + "/etc/apk/world").contents(limit: 1 << 20)
        } catch {}
        return String(decoding: bytes, as: UTF8.self).split { $0 == "\n" || $0 == " " }.map(String.init)
    }

    static func name(inWorld entry: String) -> PackageName? {
        PackageName(String(entry.prefix { !"<>=~@".contains($0) }))
    }

    private func findUpgrades() throws(PackageFault) -> [Upgrade] {
        let newer = try answer(["version", "--limit", "<"]).split(separator: "\n").compactMap { ApkOffer($0) }
        guard !newer.isEmpty else { return [] }
        let steps = try answer(["upgrade", "--simulate"]).split(separator: "\n").compactMap { ApkStep($0) }
        let moving = Set(steps.map(\.name))
        let installed = try packages()
        return newer.map {
            Upgrade(
                $0.name, architecture: installed[$0.name]?.architecture ?? "", current: $0.installed,
                available: $0.available, isHeld: !moving.contains($0.name))
        }
    }

    private func stamp() throws(PackageFault) -> FilesStamp {
        let files = ["/etc/apk/world", "/etc/apk/repositories", "/etc/apk/arch"].map { root + $0 }
        let around = try FilesStamp(of: files + indices, andIn: [root + "/etc/apk/repositories.d"])
        return try database.stamp().joined(with: around)
    }

    /// The index of each repository; in /etc/apk/cache where a person made that directory.
    private var indices: [String] {
        ["/var/cache/apk", "/etc/apk/cache"].flatMap { directory in
            let names = (try? DirectoryListing(of: root + directory))?.names ?? []
            return names.filter { $0.hasPrefix("APKINDEX.") }.map { root + directory + "/" + $0 }
        }
    }
}
