public import Evidence
public import Linux
import Systemd
import Values

/// Which socket units ask for the port: looked for only where systemd itself holds a listener of it.
public struct SocketUnitProbe: Probe {
    public let subject = "socket units"
    public let volatility = Volatility.files
    public let needs = HostRoot.Extent.whole

    public init() {}

    public func look(at root: HostRoot, for target: Target, after seen: Snapshot) async -> Observation {
        let holders = seen.port.known?.listeners.flatMap(\.holders) ?? []
        guard holders.contains(where: { $0.process.pid == 1 }) else { return Observation { _ in } }
        let names = SocketUnitFiles(below: root).units(listeningOn: target.port).filter { isActive($0, root) }
        return Observation { snapshot in
            guard case .value(var port, let source) = snapshot.port else { return }
            port.socketUnits = names
            snapshot.port = .value(port, source)
        }
    }

    /// Where systemd does not answer, the file alone has to do.
    private func isActive(_ name: String, _ root: HostRoot) -> Bool {
        guard let unit = UnitName(rawValue: name), let properties = try? SystemBus(of: root).properties(of: unit) else {
            return true
        }
        return UnitLook(properties, time: Clock.wall, monotonic: Clock.monotonic).isActive
    }
}

/// Socket units as they lie in systemd's directories (systemd.socket(5)).
struct SocketUnitFiles {
    private let root: HostRoot
    /// In order of precedence; a name counts once.
    private static let directories = [
        "/etc/systemd/system", "/run/systemd/system", "/run/systemd/generator", "/usr/local/lib/systemd/system",
        "/usr/lib/systemd/system", "/lib/systemd/system",
    ]
    private static let fileLimit = 65536

    init(below root: HostRoot) { self.root = root }

    func units(listeningOn port: Port) -> [String] {
        var seen: Set<String> = []
        var found: [String] = []
        for directory in Self.directories {
            guard let listing = try? DirectoryListing(of: root(directory)) else { continue }
            for name in listing.names where name.hasSuffix(".socket") && seen.insert(name).inserted {
                if asks(for: port, in: "\(directory)/\(name)") { found.append(name) }
            }
        }
        return found.sorted()
    }

    private func asks(for port: Port, in path: String) -> Bool {
        guard let bytes = try? contents(of: root(path), limit: Self.fileLimit) else { return false }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").contains { line in
            let parts = line.split(separator: "=", maxSplits: 1).map {
                $0.filter { $0 != " " && $0 != "\t" && $0 != "\r" }
            }
            return parts.count == 2 && parts[0] == "ListenStream" && Self.port(of: parts[1]) == port.rawValue
        }
    }

    /// The port of `12443`, `0.0.0.0:12443`, `[::]:12443`; nil for a path or another kind of address.
    static func port(of address: String) -> UInt16? {
        guard !address.hasPrefix("/"), !address.hasPrefix("@") else { return nil }
        return address.split(separator: ":").last.flatMap { UInt16($0) }
    }
}
