public import Evidence
public import Linux
import OpenSSL
import Values

/// Which machine this is, and what runs it.
public struct HostProbe: Probe {
    public init() {}

    public let subject = "host identity"
    public let volatility = Volatility.files
    public let needs = HostRoot.Extent.journal

    public func look(at root: HostRoot, for target: Target, after seen: Snapshot) async -> Observation {
        let time = Clock.wall
        func line(_ path: String) -> String? { Self.firstLine(of: path, under: root) }
        let release = OperatingSystemRelease(under: root)
        // A host that does not run tells its last boot, and maybe its name, in its journal alone.
        let written = root.extent < .whole ? JournalIdentity(of: root) : nil
        let fact = HostFact(
            hostName: line("/proc/sys/kernel/hostname") ?? line("/etc/hostname") ?? written?.hostName ?? "",
            machine: (line("/etc/machine-id") ?? written?.machine).flatMap(Self.machine),
            bootID: line("/proc/sys/kernel/random/boot_id") ?? written?.boot ?? "",
            kernel: line("/proc/sys/kernel/osrelease") ?? "",
            operatingSystem: release.prettyName ?? "",
            architecture: line("/proc/sys/kernel/arch") ?? (root.isLive ? Self.ownArchitecture : ""),
            systemdVersion: SystemdVersion(of: root, after: seen)?.text, container: Self.container(root),
            uptime: root.isLive
                ? Interval(microseconds: Int64(clamping: Clock.bootTime)) : Self.uptime(line("/proc/uptime")))
        let sources = root.extent < .whole ? "os-release, hostname, machine-id, newest journal entry" : nil
        let source = Source(sources ?? "/proc/sys/kernel, os-release", path: "raw/host/os-release", time: time)
        let raw = release.content.map { content in
            RawItem("host/os-release", content: content, source: Source(release.path, path: source.path, time: time))
        }
        return Observation(raw: raw.map { [$0] } ?? []) { $0.host = .value(fact, source) }
    }

    private static func firstLine(of path: String, under root: HostRoot) -> String? {
        guard let bytes = try? root.contents(of: path, limit: 4096) else { return nil }
        let line = String(decoding: bytes.prefix { $0 != 0x0A && $0 != 0 }, as: UTF8.self)
        return line.isEmpty ? nil : line.harmless(limit: 256)
    }

    /// What this program was built for, where the kernel is too old (before 6.1) to tell.
    private static var ownArchitecture: String {
        #if arch(x86_64)
            "x86_64"
        #elseif arch(arm64)
            "aarch64"
        #else
            ""
        #endif
    }

    /// machine-id(5) asks that the number itself be shown to nobody outside the machine: its digest tells two machines
    /// apart as well.
    static func machine(_ number: String) -> Digest? {
        MachineNumber.isOne(number) ? SHA256.digest(of: Array(number.utf8)) : nil
    }

    /// What manages the container that this is, in systemd's names, as it tells its own services
    /// (https://systemd.io/CONTAINER_INTERFACE).
    public static func container(_ root: HostRoot) -> String? {
        for path in ["/run/systemd/container", "/run/host/container-manager"] {
            if let name = firstLine(of: path, under: root) { return name }
        }
        if let environment = try? root.contents(of: "/proc/1/environ", limit: 65536) {
            for variable in environment.split(separator: 0) where variable.starts(with: "container=".utf8) {
                let name = String(decoding: variable.dropFirst("container=".utf8.count), as: UTF8.self)
                return name.isEmpty ? nil : name.harmless(limit: 64)
            }
        }
        if (try? root.place("/.dockerenv")) != nil { return "docker" }
        if (try? root.place("/run/.containerenv")) != nil { return "podman" }
        return nil
    }

    /// `350735.47 234388.90`: seconds since the boot come first (proc_uptime(5)).
    static func uptime(_ line: String?) -> Interval {
        let seconds = line?.split(separator: " ").first.flatMap { Double($0) } ?? 0
        return Interval(microseconds: Int64(exactly: (seconds * 1_000_000).rounded()) ?? 0)
    }
}

/// os-release(5).
private struct OperatingSystemRelease {
    var path = "/etc/os-release"
    var content: [UInt8]?
    var prettyName: String?

    init(under root: HostRoot) {
        for candidate in ["/etc/os-release", "/usr/lib/os-release"] {
            guard let bytes = try? root.contents(of: candidate, limit: 65536) else { continue }
            path = candidate
            content = bytes
            let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first {
                $0.hasPrefix("PRETTY_NAME=")
            }
            prettyName = line.map { line in
                String(line.dropFirst("PRETTY_NAME=".count).filter { $0 != "\"" && $0 != "'" }).harmless(limit: 256)
            }
            return
        }
    }
}
