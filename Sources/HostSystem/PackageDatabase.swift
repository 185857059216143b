public import Linux
public import Packages
public import Values

/// The package manager's database of a host, asked by files alone: whether its last work was finished, who is at it now,
/// and when it was used last.
public struct PackageDatabase: Sendable {
    /// Whose database there is.
    enum Kind: Sendable { case dpkg, rpm, pacman, apk }

    private let root: HostRoot
    let kind: Kind?
    private let packages: any PackageBackEnd

    /// `packages`: the reader of dpkg's database, where the caller keeps one that remembers.
    public init(at root: HostRoot = .live, packages: (any PackageBackEnd)? = nil) {
        self.root = root
        kind =
            [(Kind.dpkg, "/var/lib/dpkg/status"), (.pacman, "/var/lib/pacman/local"), (.apk, "/lib/apk/db/installed")]
            .first { Self.exists($1, root) }?.0 ?? (Self.rpmDatabase(root) == nil ? nil : .rpm)
        self.packages = packages ?? DpkgBackEnd(directory: (try? root.place("/var/lib/dpkg")) ?? root("/var/lib/dpkg"))
    }

    /// No work was left half-done. A package manager at work right now leaves it so for the moment.
    public var isClean: Bool { faults().isEmpty }

    /// What is not as a finished run leaves it, one sentence each. For dpkg what `dpkg --audit` names.
    public func faults() -> [String] {
        switch kind {
        case .dpkg?: dpkgFaults()
        case .rpm?: rpmFaults()
        case .pacman? where Self.exists("/var/lib/pacman/db.lck", root):
            ["/var/lib/pacman/db.lck is there: pacman is at work, or was interrupted"]
        case .apk? where size("/lib/apk/db/installed") == 0: ["/lib/apk/db/installed, apk's database, is empty"]
        case .pacman?, .apk?, nil: []
        }
    }

    // MARK: dpkg

    private func dpkgFaults() -> [String] {
        let known: InstalledPackages
        do throws(PackageFault) {
            known = try packages.packages()
        } catch {
            return ["dpkg's database could not be read: " + "\(error)".harmless(limit: 300)]
        }
        guard !known.all.isEmpty else { return ["dpkg's database knows no package at all"] }
        var faults: [String] = []
        let unfinished = known.all.filter(Self.isUnfinished)
        if !unfinished.isEmpty {
            let names = unfinished.prefix(5).map { "\($0.name) (\($0.state.rawValue))" }.joined(separator: ", ")
            let rest = unfinished.count > 5 ? " and \(unfinished.count - 5) more" : ""
            faults.append("dpkg has not finished with \(names)\(rest): run 'dpkg --configure -a'")
        }
        let updates = root.names(in: "/var/lib/dpkg/updates").filter { $0.utf8.allSatisfy { (48...57).contains($0) } }
        if !updates.isEmpty {
            faults.append(
                "/var/lib/dpkg/updates holds \(updates.count) changes that dpkg has not taken over: it is at work, or was "
                    + "interrupted")
        }
        return faults
    }

    private static func isUnfinished(_ package: InstalledPackage) -> Bool {
        switch package.state {
        case .halfInstalled, .unpacked, .halfConfigured, .triggersAwaited, .triggersPending: true
        case .notInstalled, .configFiles, .installed: false
        }
    }

    // MARK: rpm

    private static let rpmDatabases = ["/usr/lib/sysimage/rpm/", "/var/lib/rpm/"].flatMap { directory in
        // SQLite, ndb and Berkeley DB, as rpm has had them.
        ["rpmdb.sqlite", "Packages.db", "Packages"].map { directory + $0 }
    }

    private static func rpmDatabase(_ root: HostRoot) -> String? { rpmDatabases.first { exists($0, root) } }

    private func rpmFaults() -> [String] {
        guard let path = Self.rpmDatabase(root) else { return [] }
        var faults: [String] = []
        do throws(SystemError) {
            let head = try RegularFile(root.place(path)).contents(limit: 16)
            // https://www.sqlite.org/fileformat.html, "Magic Header String".
            let isSound = path.hasSuffix(".sqlite") ? head == Array("SQLite format 3\0".utf8) : !head.isEmpty
            if !isSound { faults.append("\(path), rpm's database, is no database") }
        } catch {
            faults.append("rpm's database could not be read: \(error)".harmless(limit: 300))
        }
        // What yum-complete-transaction(8) goes by.
        if root.names(in: "/var/lib/yum").contains(where: { $0.hasPrefix("transaction-all.") }) {
            faults.append("/var/lib/yum holds a transaction that was interrupted: run 'yum-complete-transaction'")
        }
        return faults
    }

    // MARK: Locks

    /// Who works with the database now, one sentence each; nobody is waited for.
    public func holders() -> [String] {
        let files =
            switch kind {
            case .dpkg?: ["/var/lib/dpkg/lock-frontend", "/var/lib/dpkg/lock"]
            case .rpm?: ["/usr/lib/sysimage/rpm/.rpm.lock", "/var/lib/rpm/.rpm.lock"]
            case .pacman?, .apk?, nil: [String]()
            }
        for file in files {
            guard let place = try? root.place(file), let holder = try? FileLocks.holder(of: place) else { continue }
            guard case .process(let pid) = holder else { return ["somebody holds \(file)"] }
            let name = (try? ProcessDirectory(pid).stat())?.name.harmless(limit: 32)
            return ["\(name ?? "a process") (process \(pid)) holds \(file)"]
        }
        return []
    }

    // MARK: Times

    /// When the repositories were asked last, as far as files tell; nil where they do not.
    public var lastCheck: WallTime? {
        switch kind {
        // apt gives the lists their server's time, but the directories are written to in each run.
        case .dpkg?:
            newest(["/var/lib/apt/lists/partial", "/var/lib/apt/lists", "/var/lib/apt/periodic/update-success-stamp"])
        case .rpm?: newest(["/var/cache/dnf/last_makecache", "/var/cache/libdnf5"])
        case .pacman?: newest(["/var/lib/pacman/sync"])
        case .apk?: newest(["/var/cache/apk", "/lib/apk/db/scripts.tar"])
        case nil: nil
        }
    }

    /// When a package was last installed, upgraded or removed.
    public var lastChange: WallTime? {
        switch kind {
        // A log that was rotated away is empty; the database itself is also written when a package is only marked.
        case .dpkg?: size("/var/log/dpkg.log") > 0 ? newest(["/var/log/dpkg.log"]) : newest(["/var/lib/dpkg/status"])
        case .rpm?: newest(Self.rpmDatabases + Self.rpmDatabases.map { $0 + "-wal" })
        case .pacman?: newest(["/var/lib/pacman/local"])
        case .apk?: newest(["/lib/apk/db/installed"])
        case nil: nil
        }
    }

    private func newest(_ paths: [String]) -> WallTime? {
        paths.compactMap { path in (try? FileStatus(of: root.place(path)))?.modified }.max()
    }

    private func size(_ path: String) -> UInt64 { (try? FileStatus(of: root.place(path)))?.size ?? 0 }

    private static func exists(_ path: String, _ root: HostRoot) -> Bool {
        (try? FileStatus(of: root.place(path))) != nil
    }
}
