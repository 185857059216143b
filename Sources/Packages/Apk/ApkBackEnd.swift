import Linux
import Values

/// apk's database of what is installed, read from its own file.
public final class ApkBackEnd: PackageBackEnd {
    static let sizeLimit = 64 << 20
    /// The second where /lib is a part of /usr and apk knows it.
    static let places = ["/lib/apk/db/installed", "/usr/lib/apk/db/installed"]

    /// The host's directory that stands for `/`; empty for the host that we run on.
    let root: String
    private let cache = StampedValue<Contents>()

    private struct Contents: Sendable {
        let packages: InstalledPackages
        let broken: [PackageName]
    }

    public init(root: String = "") { self.root = root }

    public func packages() throws(PackageFault) -> InstalledPackages {
        try cache.value(stamp: stamp, find: read).packages
    }

    /// What an earlier run could not bring to its end, as apk noted it.
    func broken() throws(PackageFault) -> [PackageName] { try cache.value(stamp: stamp, find: read).broken }

    func stamp() throws(PackageFault) -> FilesStamp { try FilesStamp(of: [path]) }

    private var path: String {
        let paths = ApkBackEnd.places.map { root + $0 }
        return paths.first { (try? FileStatus(of: $0)) != nil } ?? paths[0]
    }

    private func read() throws(PackageFault) -> Contents {
        let path = path
        var bytes: [UInt8]?
        do throws(SystemError) {
            let file = try RegularFile(path)
            if file.size <= ApkBackEnd.sizeLimit { bytes = try file.contents(limit: ApkBackEnd.sizeLimit) }
        } catch {
            throw .unreadable(error)
        }
        guard let bytes else { throw .oversized(path: path) }
        do throws(ApkRecords.Nonsense) {
            let records = try ApkRecords(bytes.span)
            return Contents(packages: InstalledPackages(records.packages), broken: records.broken)
        } catch {
            throw .malformed(path: path, reason: error.reason)
        }
    }
}
