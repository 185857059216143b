import Packages
import Synchronization
import Wire

/// The whole list of packages as JSON, kept for as long as the database says the same: writing it takes longer than
/// encrypting it.
final class RenderedList: Sendable {
    private struct Kept {
        var packages: InstalledPackages
        var json: [UInt8]
        var total: Int
    }

    private let kept = Mutex<Kept?>(nil)

    /// What answers a question without filters: the value of `packages`, and how many there are.
    func list(of packages: InstalledPackages) -> (json: [UInt8], total: Int) {
        // Equal at a glance where both are the same look of the back end.
        if let kept = kept.withLock({ $0 }), kept.packages == packages { return (kept.json, kept.total) }
        let found = packages.answer(to: PackageQuery())
        let json = Self.json(of: found)
        kept.withLock { $0 = Kept(packages: packages, json: json, total: found.count) }
        return (json, found.count)
    }

    static func json(of packages: [InstalledPackage]) -> [UInt8] {
        var writer = JSONWriter(reserving: 512 + packages.count * 384)
        writer.array { writer in for package in packages { PackageData(package).write(to: &writer) } }
        return writer.bytes
    }
}
