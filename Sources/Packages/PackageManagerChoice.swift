public import Linux

/// Which package manager a host has.
public enum PackageManagerChoice: String, Sendable, Hashable, CaseIterable {
    case apt, dnf, yum, pacman, apk

    /// Judged by the package database that exists, and only then by the program: a stray /usr/bin/apt on a host of rpm
    /// packages is no reason to take it for a Debian. nil where there is no database that is known here.
    public static func detect(_ root: HostRoot = .live) -> PackageManagerChoice? {
        if hasContent(root, "/var/lib/dpkg/status") { return .apt }
        if isFilled(root, "/usr/lib/sysimage/rpm") || isFilled(root, "/var/lib/rpm") {
            for program in ["/usr/bin/dnf", "/usr/bin/dnf5", "/usr/bin/microdnf"] where exists(root, program) {
                return .dnf
            }
            if exists(root, "/usr/bin/yum") { return .yum }
            return .dnf
        }
        if isFilled(root, "/var/lib/pacman/local") { return .pacman }
        if hasContent(root, "/lib/apk/db/installed") || hasContent(root, "/usr/lib/apk/db/installed") { return .apk }
        return nil
    }

    private static func hasContent(_ root: HostRoot, _ path: String) -> Bool {
        guard let status = try? FileStatus(of: root(path)) else { return false }
        return status.isRegular && status.size > 0
    }

    private static func isFilled(_ root: HostRoot, _ path: String) -> Bool {
        (try? DirectoryListing(of: root(path), limit: 1))?.names.isEmpty == false
    }

    private static func exists(_ root: HostRoot, _ path: String) -> Bool { (try? FileStatus(of: root(path))) != nil }

    /// The package manager of this host; nil where it is one that is not known here.
    public func packageManager() -> (any TransactionScript)? {
        switch self {
        case .apt: AptPackageManager()
        // Which dnf it is shows when it is asked; of dnf 5 and yum 3 it lists packages and changes none.
        case .dnf, .yum: DnfPackageManager()
        case .pacman: PacmanPackageManager()
        case .apk: ApkPackageManager()
        }
    }
}
