import Evidence
import Linux
import Systemd
import Values

/// The version of the host's systemd.
struct SystemdVersion: Hashable, Sendable {
    /// As systemd itself gives it: `252.39-1~deb12u1`.
    let text: String

    /// 252 of `252.39-1~deb12u1`.
    var major: Int? { Int(text.prefix { $0.isASCII && $0.isNumber }) }

    /// By the bus of the running host, unless it has kept the unit's state from us already; else by the file name of
    /// systemd's own library.
    init?(of root: HostRoot, after seen: Snapshot) {
        let busFailed = seen.unit.absence.map { $0.reason != .notLookedFor } ?? false
        if !busFailed, let bus = try? SystemBus(of: root),
            let version = try? bus.managerProperties()["Version"]?.string
        {
            text = version.harmless(limit: 64)
            return
        }
        guard let version = Self.byLibrary(under: root) else { return nil }
        text = version.harmless(limit: 64)
    }

    /// 252 of `libsystemd-shared-252.so`, wherever the distribution puts it.
    private static func byLibrary(under root: HostRoot) -> String? {
        let libraries = ["/usr/lib", "/usr/lib64", "/lib"]
        let multiarch = libraries.flatMap { library in
            root.names(in: library).filter { $0.contains("-linux-") }.map { library + "/" + $0 }
        }
        for directory in libraries + multiarch {
            for name in root.names(in: directory + "/systemd")
            where name.hasPrefix("libsystemd-shared-") && name.hasSuffix(".so") {
                return String(name.dropFirst("libsystemd-shared-".count).dropLast(3))
            }
        }
        return nil
    }
}
