import Linux
import Values

/// rpm's database, by rpm's own query: asked anew only when one of the database's files has changed.
public final class RpmBackEnd: PackageBackEnd {
    /// Large hosts have 3 MiB of it.
    private static let outputLimit = 64 << 20
    private static let patience: UInt64 = 60_000_000
    /// Where distributions keep it; the first is Fedora's of today, and elsewhere a link to the other or the reverse.
    static let directories = ["/usr/lib/sysimage/rpm", "/var/lib/rpm"]

    /// The host's directory that stands for `/`; empty for the host that we run on.
    private let root: String
    private let cache = StampedValue<InstalledPackages>()

    public init(root: String = "") { self.root = root }

    public func packages() throws(PackageFault) -> InstalledPackages {
        try cache.value(stamp: stamp, find: read)
    }

    /// Reading makes rpm touch its lock and SQLite's shared memory: neither is among the files.
    func stamp() throws(PackageFault) -> FilesStamp {
        let files = ["rpmdb.sqlite", "rpmdb.sqlite-wal", "Packages.db", "Packages"]
        return try FilesStamp(
            of: RpmBackEnd.directories.flatMap { directory in files.map { root + directory + "/" + $0 } })
    }

    private func read() throws(PackageFault) -> InstalledPackages {
        var program = PackageProgram("/usr/bin/rpm", ["-qa", "--queryformat", RpmRecords.format])
        if !root.isEmpty { program.arguments += ["--root", root] }
        program.limit = RpmBackEnd.outputLimit
        let result = try program.answer(within: RpmBackEnd.patience)
        guard result.output.count < RpmBackEnd.outputLimit else { throw .oversized(path: root + "/var/lib/rpm") }
        // With a database that it can't read rpm says so, and that there is no package, and succeeds.
        if let complaint = result.errorText.split(separator: "\n").first(where: { $0.hasPrefix("error:") }) {
            throw .unanswered(program: "rpm -qa", reason: String(complaint).harmless())
        }
        do throws(RpmRecords.Nonsense) {
            return InstalledPackages(try RpmRecords.packages(result.output))
        } catch {
            throw .malformed(path: root + "/var/lib/rpm", reason: error.reason)
        }
    }
}

extension PackageProgram {
    /// Runs a program that only looks; one that does not end well, or not in time, is a fault in its own words.
    func answer(within microseconds: UInt64, accepting statuses: Set<Int> = [0]) throws(PackageFault) -> Result {
        let result: Result
        do throws(SystemError) {
            result = try run(.until(Clock.monotonic + microseconds))
        } catch {
            throw .unreadable(error)
        }
        if let status = result.exitStatus, statuses.contains(status), result.cause == nil { return result }
        let complaint = result.errorText.split(separator: "\n").prefix(3).joined(separator: "; ").harmless()
        let ending = result.cause == .time ? "it was ended after \(microseconds / 1_000_000) s" : result.words
        throw .unanswered(program: description, reason: complaint.isEmpty ? ending : "\(ending): \(complaint)")
    }
}
