public import Linux
public import Packages
import Synchronization
public import Values

/// What is asked of the host over and over: a manager polls, and several may ask at once.
public final class HostLook: Sendable {
    private let root: HostRoot
    private let database: PackageDatabase
    private let kept = Mutex<Kept?>(nil)

    private struct Kept {
        let replaced: ReplacedFiles
        let time: UInt64
    }

    /// How long a look at every process counts, in microseconds: it costs the most by far.
    private static let keeping: UInt64 = 30_000_000

    /// `packages`: the reader of dpkg's database, where the caller keeps one that remembers.
    public init(at root: HostRoot = .live, packages: (any PackageBackEnd)? = nil) {
        self.root = root
        database = PackageDatabase(at: root, packages: packages)
    }

    /// As of now, but for what processes run, which may be 30 s old. `indexUpdate`: as the package manager itself tells.
    public func information(indexUpdate: WallTime? = nil) throws(SystemError) -> SystemInformation {
        try SystemInformation.look(at: root, database: database, indexUpdate: indexUpdate, reasons: reasons())
    }

    /// As `RebootReasons.look`.
    public func reasons() -> [RebootReason] { RebootReasons.look(at: root, replaced: replacedFiles()) }

    /// As `RebootGuard.obstacles`: may take seconds, and is never an old answer.
    public func obstacles() -> [String] { RebootGuard.obstacles(at: root, database: database) }

    public func service(_ name: ServiceName) throws(ServiceFault) -> ServiceStatus {
        try ServiceLook.look(name, at: root)
    }

    private func replacedFiles() -> ReplacedFiles {
        let now = Clock.monotonic
        if let kept = kept.withLock({ $0 }), now - kept.time < Self.keeping { return kept.replaced }
        let replaced = ReplacedFiles(at: root)
        kept.withLock { $0 = Kept(replaced: replaced, time: now) }
        return replaced
    }
}
