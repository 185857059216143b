import Linux
public import Values

/// Packages of Arch Linux and its kin, by pacman.
///
/// What is installed is read from pacman's own files; the rest is asked of pacman. Its repositories hold one version of
/// each package: older ones are only where pacman keeps what was installed once.
public final class PacmanPackageManager: TransactionScript {
    public let title = "pacman"
    let database: PacmanBackEnd
    let pacman: PacmanProgram
    private let offers = StampedValue<[Upgrade]>()

    /// `root` is the directory that stands for `/`; empty for the host that we run on.
    public init(root: String = "") {
        pacman = PacmanProgram(root: root)
        database = PacmanBackEnd(directory: pacman.database)
    }

    public func packages() throws(PackageFault) -> InstalledPackages { try database.packages() }

    /// None is told to be one of security: Arch's repositories do not say it.
    public func upgrades() throws(PackageFault) -> [Upgrade] {
        try offers.value(stamp: stamp, find: findUpgrades)
    }

    /// First what the repositories offer, then what lies in pacman's own store, the newest first.
    public func versions(of name: PackageName) throws(PackageFault) -> [PackageVersion] {
        var versions = try repositories().filter { $0.name == name }.map(\.version)
        for version in stored(name).map(\.version) where !versions.contains(version) { versions.append(version) }
        return versions
    }

    /// libalpm gives a repository's index the time of the repository's own; its directory changes with each update.
    public func indexUpdate() -> WallTime? {
        let paths = [pacman.database + "/sync"] + indices
        return (try? FilesStamp(of: paths))?.newest
    }

    public func plan(_ order: PackageOrder) throws(TransactionFault) -> PackagePlan {
        try foresee(order, TransactionStage(patience: .seconds(120))).plan
    }

    // MARK: What there is to have

    /// A package of a repository.
    struct Known: Hashable {
        var repository: String
        var name: PackageName
        var version: PackageVersion
    }

    /// All that the repositories hold, in the order in which pacman looks at them.
    func repositories() throws(PackageFault) -> [Known] {
        try pacman.answer(["--sync", "--list"]).compactMap { line in
            let words = line.split(separator: " ")
            guard words.count >= 3, let name = PackageName(String(words[1])),
                let version = PackageVersion(String(words[2]))
            else { return nil }
            return Known(repository: String(words[0]), name: name, version: version)
        }
    }

    /// A package's file in pacman's own store.
    struct Stored: Hashable {
        var version: PackageVersion
        var path: String
    }

    /// `NAME-VERSION-RELEASE-ARCHITECTURE.pkg.tar.zst`, the newest first.
    func stored(_ name: PackageName) -> [Stored] {
        let names = (try? DirectoryListing(of: pacman.packages, limit: 1 << 16))?.names ?? []
        return names.compactMap { file -> Stored? in
            guard let parts = Self.parts(file), parts.name == name else { return nil }
            return Stored(version: parts.version, path: pacman.packages + "/" + file)
        }
        .sorted { PacmanVersionOrder.isOlder($1.version.description, $0.version.description) }
    }

    static func parts(_ file: String) -> (name: PackageName, version: PackageVersion, architecture: String)? {
        guard !file.hasSuffix(".sig"), !file.hasSuffix(".part"), let end = file.firstRange(of: ".pkg.tar") else {
            return nil
        }
        // A name holds dashes, what comes after it three.
        let words = file[..<end.lowerBound].split(separator: "-", omittingEmptySubsequences: false)
        guard words.count > 3, let name = PackageName(words.dropLast(3).joined(separator: "-")),
            let version = PackageVersion(words[words.count - 3] + "-" + words[words.count - 2])
        else { return nil }
        return (name, version, String(words[words.count - 1]))
    }

    private func findUpgrades() throws(PackageFault) -> [Upgrade] {
        let lines = try pacman.answer(["--query", "--upgrades"])
        guard !lines.isEmpty else { return [] }
        var homes: [PackageName: String] = [:]
        for known in try repositories() where homes[known.name] == nil { homes[known.name] = known.repository }
        let installed = try packages()
        return lines.compactMap { line in
            // `alpha 1.0-1 -> 2.0-1 [ignored]`
            let words = line.split(separator: " ").map(String.init)
            guard words.count >= 4, words[2] == "->", let name = PackageName(words[0]),
                let current = PackageVersion(words[1]), let available = PackageVersion(words[3])
            else { return nil }
            return Upgrade(
                name, architecture: installed[name]?.architecture ?? "", current: current, available: available,
                origin: homes[name], isHeld: words.dropFirst(4).contains("[ignored]"))
        }
    }

    private func stamp() throws(PackageFault) -> FilesStamp {
        let around = try FilesStamp(of: [pacman.configuration] + indices, andIn: [pacman.root + "/etc/pacman.d"])
        return try database.stamp().joined(with: around)
    }

    /// The index of each repository.
    private var indices: [String] {
        let directory = pacman.database + "/sync"
        let names = (try? DirectoryListing(of: directory))?.names ?? []
        return names.filter { $0.hasSuffix(".db") }.map { directory + "/" + $0 }
    }
}
