public import Linux
public import Values

/// What a manager asks of the host itself.
public struct SystemInformation: Hashable, Sendable {
    public var hostName: String
    /// `NAME` of os-release(5): `Debian GNU/Linux`; `Linux` where nothing is said.
    public var operatingSystem: String
    /// `VERSION_ID`: `12`; where a distribution has none, `BUILD_ID` (`rolling`), else empty.
    public var operatingSystemVersion: String
    /// As `uname -r` says it.
    public var kernel: String
    /// As `uname -m` says it.
    public var architecture: String
    /// When the repositories were asked last.
    public var lastUpdateCheck: WallTime?
    /// When a package was last installed, upgraded or removed, by whomever.
    public var lastUpdateApply: WallTime?
    public var isPackageDatabaseClean: Bool
    public var rebootReasons: [RebootReason]
    public var bootIdentifier: String?
    public var bootedAt: WallTime?

    /// A new boot is needed, surely or probably: what restarting services would cure does not count.
    public var isRebootPending: Bool { rebootReasons.contains { $0.confidence != .possible } }

    /// Reads some files, and one a process where `reasons` is nil. `indexUpdate`: what the package manager itself knows
    /// of its index; nil to go by files. Fails where the kernel does not tell its names (no /proc).
    public static func look(
        at root: HostRoot = .live, database: PackageDatabase? = nil, indexUpdate: WallTime? = nil,
        reasons: [RebootReason]? = nil
    ) throws(SystemError) -> SystemInformation {
        func name(_ path: String) throws(SystemError) -> String {
            let bytes = try root.contents(of: path, limit: 4096)
            return String(decoding: bytes.prefix { $0 != 10 && $0 != 0 }, as: UTF8.self).harmless(limit: 256)
        }
        let release = OSRelease(below: root)
        let database = database ?? PackageDatabase(at: root)
        let boot = Boot(at: root)
        return SystemInformation(
            hostName: try name("/proc/sys/kernel/hostname"), operatingSystem: release["NAME"] ?? "Linux",
            operatingSystemVersion: release["VERSION_ID"] ?? release["BUILD_ID"] ?? "",
            kernel: try name("/proc/sys/kernel/osrelease"),
            architecture: OSRelease.architecture(below: root) ?? "unknown",
            lastUpdateCheck: indexUpdate ?? database.lastCheck, lastUpdateApply: database.lastChange,
            isPackageDatabaseClean: database.isClean, rebootReasons: reasons ?? RebootReasons.look(at: root),
            bootIdentifier: boot.identifier, bootedAt: boot.time)
    }
}
