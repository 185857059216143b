import Configuration
public import Evidence
public import Linux
import Values

/// Room and state of the file systems below the paths that the agent, and the evidence, need.
public struct DiskProbe: Probe {
    private let evidence: String

    /// `evidence` is the directory that bundles go to.
    public init(evidence: String = "/var/lib/patch-doctor") { self.evidence = evidence }

    public let subject = "file systems"
    public let volatility = Volatility.files
    public let needs = HostRoot.Extent.whole

    public func look(at root: HostRoot, for target: Target, after seen: Snapshot) async -> Observation {
        guard root.isLive else {
            return Observation {
                $0.disks = .missing(
                    Absence(
                        "file systems", .notAvailable, why: "what is looked at is a directory, not the running host"))
            }
        }
        let time = Clock.wall
        let process = Self.hostsOwnProcess
        let path = "proc/\(process)/mountinfo"
        let source = Source("statvfs(3), /\(path)", path: "raw/" + path, time: time)
        do throws(SystemError) {
            let table = try contents(of: "/" + path, limit: 4 << 20)
            let mounts = MountTable(parsing: table)
            var facts: [DiskFact] = []
            for (path, purpose) in paths(for: target, root) {
                facts.append(try Self.look(at: path, purpose, mounts, root, as: process))
            }
            let result = facts
            let raw = RawItem(path, content: table, source: Source("/" + path, path: source.path, time: time))
            return Observation(raw: [raw]) { $0.disks = .value(result, source) }
        } catch {
            let absence = Absence("file systems", because: error)
            return Observation { $0.disks = .missing(absence) }
        }
    }

    /// Whose mounts are the host's: where this program has some of its own, as in a unit with ProtectSystem=, all is
    /// mounted read-only for it, and process 1 sees what is so.
    private static var hostsOwnProcess: String {
        guard let own = try? symbolicLinkTarget(of: "/proc/self/ns/mnt"),
            let first = try? symbolicLinkTarget(of: "/proc/1/ns/mnt"), own != first
        else { return "self" }
        return "1"
    }

    /// The configuration is read here too, because probes of one stage do not see what the others found.
    private func paths(for target: Target, _ root: HostRoot) -> [(path: String, purpose: String)] {
        let configuration = target.configuration.directory
        let read = ConfigurationReader.read(path: target.configuration, root: root).fact.known
        let certificates = read?.certificatePath?.directory ?? configuration + "/certs"
        return [
            (configuration, "configuration"), (certificates, "certificates"), (target.program, "program"),
            ("/var/lib/linux_patch_api", "state of the agent"), ("/var/log", "logs"), (evidence, "evidence"),
            ("/run", "run-time files"),
        ]
    }

    private static func look(
        at path: String, _ purpose: String, _ mounts: MountTable, _ root: HostRoot, as process: String
    ) throws(SystemError) -> DiskFact {
        let place = nearest(path, root)
        let status = try FileSystemStatus(of: process == "self" ? root(place) : "/proc/\(process)/root" + place)
        return DiskFact(
            path: path, purpose: purpose, size: status.size, available: status.available, inodes: status.inodes,
            inodesFree: status.inodesFree, readOnly: status.isReadOnly, fileSystem: mounts.mount(of: place)?.fileSystem)
    }

    /// The path, or of what lies above it the first that exists, free of links.
    private static func nearest(_ path: String, _ root: HostRoot) -> String {
        var path = path
        while path != "/" {
            if let resolved = try? root.resolving(path) { return resolved }
            path = path.directory
        }
        return "/"
    }
}

extension String {
    /// What a path lies in: `/etc` for `/etc/hosts`, `/` for `/etc`.
    fileprivate var directory: String {
        let parts = split(separator: "/").dropLast()
        return "/" + parts.joined(separator: "/")
    }
}
