import Linux
import Values

/// pacman's database of what is installed, read from its own files: one directory a package below `local`.
public final class PacmanBackEnd: PackageBackEnd {
    static let limit = 100_000

    /// `/var/lib/pacman` of the host, DBPath in pacman.conf(5).
    let directory: String
    private let cache = StampedValue<InstalledPackages>()

    public init(directory: String = "/var/lib/pacman") { self.directory = directory }

    public func packages() throws(PackageFault) -> InstalledPackages {
        try cache.value(stamp: stamp, find: read)
    }

    /// A package that comes, goes or changes is a directory that comes, goes or both.
    func stamp() throws(PackageFault) -> FilesStamp { try FilesStamp(of: [directory + "/local"]) }

    private func read() throws(PackageFault) -> InstalledPackages {
        let local = directory + "/local"
        var packages: [InstalledPackage] = []
        for name in try names() {
            let path = "\(local)/\(name)/desc"
            let bytes: [UInt8]
            do throws(SystemError) {
                bytes = try RegularFile(path).contents(limit: PacmanRecords.sizeLimit)
            } catch {
                // One that pacman is just about to write, or has just removed: it shows in the next look.
                if error.isNotFound { continue }
                throw .unreadable(error)
            }
            do throws(PacmanRecords.Nonsense) {
                packages.append(try PacmanRecords.package(bytes))
            } catch {
                throw .malformed(path: path, reason: error.reason)
            }
        }
        return InstalledPackages(packages)
    }

    private func names() throws(PackageFault) -> [String] {
        let listing: DirectoryListing
        do throws(SystemError) {
            listing = try DirectoryListing(of: directory + "/local", limit: PacmanBackEnd.limit)
        } catch {
            throw .unreadable(error)
        }
        guard !listing.truncated else { throw .oversized(path: directory + "/local") }
        return listing.names.filter { $0 != "ALPM_DB_VERSION" }
    }

    /// Directories without the file that says what they are: what is left of a run that was ended half-way.
    func unfinished() throws(PackageFault) -> [String] {
        try names().filter { name in (try? FileStatus(of: "\(directory)/local/\(name)/desc")) == nil }
    }
}
