import Linux
import Values

/// dpkg's database, read from its own files.
///
/// Not by way of dpkg-query: starting it and parsing what it prints costs more than the reading itself, and a child is
/// one more thing to watch. The files' form is what every tool around dpkg relies on (deb822(5)).
public final class DpkgBackEnd: PackageBackEnd {
    /// Large hosts have 5 MiB.
    static let sizeLimit = 64 << 20
    static let updatesLimit = 4096

    private let directory: String
    private let kept = StampedValue<InstalledPackages>()

    public init(directory: String = "/var/lib/dpkg") { self.directory = directory }

    /// dpkg folds its updates into the status file at any moment: a look counts only where nothing moved under it.
    public func packages() throws(PackageFault) -> InstalledPackages { try kept.value(stamp: stamp, find: read) }

    private var statusPath: String { directory + "/status" }
    private var updatesPath: String { directory + "/updates" }

    /// dpkg replaces its status file and adds to its updates.
    func stamp() throws(PackageFault) -> FilesStamp { try FilesStamp(of: [statusPath, updatesPath]) }

    private func read() throws(PackageFault) -> InstalledPackages {
        let main = try records(statusPath)
        let names = try updates()
        guard !names.isEmpty else { return InstalledPackages(main) }
        // While dpkg works, the newest state of a package is in the last update that names it (dpkg's modstatdb).
        var newest: [Key: InstalledPackage] = [:]
        for package in main { newest[Key(package)] = package }
        for name in names {
            for package in try records(updatesPath + "/" + name) {
                // What is gone may have lost its architecture as well.
                if package.architecture.isEmpty {
                    newest = newest.filter { $0.key.name != package.name }
                }
                newest[Key(package)] = package
            }
        }
        return InstalledPackages(Array(newest.values))
    }

    /// Files whose names are all digits, in the order that dpkg wrote them.
    private func updates() throws(PackageFault) -> [String] {
        let listing: DirectoryListing
        do throws(SystemError) {
            listing = try DirectoryListing(of: updatesPath, limit: DpkgBackEnd.updatesLimit)
        } catch {
            if error.isNotFound { return [] }
            throw .unreadable(error)
        }
        guard !listing.truncated else { throw .oversized(path: updatesPath) }
        return listing.names.filter { name in name.utf8.allSatisfy { (48...57).contains($0) } }
    }

    private func records(_ path: String) throws(PackageFault) -> [InstalledPackage] {
        var bytes: [UInt8]?
        do throws(SystemError) {
            let file = try RegularFile(path)
            if file.size <= DpkgBackEnd.sizeLimit { bytes = try file.contents(limit: DpkgBackEnd.sizeLimit) }
        } catch {
            throw .unreadable(error)
        }
        guard let bytes else { throw .oversized(path: path) }
        var records = DpkgRecords()
        do throws(DpkgRecords.Nonsense) {
            try records.read(bytes.span)
        } catch {
            throw .malformed(path: path, reason: error.reason)
        }
        return records.packages
    }

    private struct Key: Hashable {
        let name: PackageName
        let architecture: String

        init(_ package: InstalledPackage) {
            name = package.name
            architecture = package.architecture
        }
    }
}
