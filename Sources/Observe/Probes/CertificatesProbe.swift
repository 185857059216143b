import Configuration
public import Evidence
import Files
public import Linux
import Trust
import Values

/// The certificate files that the configuration names, or those in the default place.
///
/// It reads the configuration itself, by the same function as `ConfigurationProbe`: probes of one stage do not see
/// what the others found.
public struct CertificatesProbe: Probe {
    public let subject = "certificates"
    public let volatility = Volatility.files

    public init() {}

    public func look(at root: HostRoot, for target: Target, after seen: Snapshot) async -> Observation {
        guard target.hasConfiguration else {
            let absence = Absence("certificates", .notLookedFor, why: target.configurationSource)
            return Observation { $0.certificates = .missing(absence) }
        }
        let configuration = ConfigurationReader.read(path: target.configuration, root: root).fact.known
        let judge = Judge(
            of: CertificatePaths(configuration, below: root), readBy: ServiceUser.of(seen, below: root),
            hostNames: HostNames(below: root, addresses: seen.port.known?.localAddresses ?? []).all, below: root)
        let reading = judge.look()
        let source = Source("certificate files", time: Clock.wall)
        return Observation(raw: reading.kept) { $0.certificates = .value(reading.fact, source) }
    }
}

/// Under which names and addresses somebody could ask for this host.
struct HostNames {
    private(set) var all: [String] = []

    init(below root: HostRoot, addresses: [String]) {
        let kernel = HostNames.word(in: "/proc/sys/kernel/hostname", below: root)
        let file = HostNames.word(in: "/etc/hostname", below: root)
        for name in [kernel, file].compactMap({ $0 }) where name != "localhost" { add(name) }
        for name in all where !name.contains(".") {
            for full in HostNames.fullNames(of: name, below: root) { add(full) }
        }
        for text in addresses {
            // Nobody else reaches those, so no certificate need cover them.
            guard let address = IPAddress(text), !address.isLoopback, !address.isLinkLocal, !address.isWildcard else {
                continue
            }
            add(address.unmapped.description)
        }
    }

    private mutating func add(_ name: String) {
        if !all.contains(name), all.count < 256 { all.append(name) }
    }

    private static func word(in path: String, below root: HostRoot) -> String? {
        lines(of: path, below: root).first { !$0.hasPrefix("#") }.map { $0.harmless(limit: 255) }
    }

    /// The names with a domain on the lines of hosts(5) that have the short one: what `hostname -f` would answer.
    private static func fullNames(of name: String, below root: HostRoot) -> [String] {
        lines(of: "/etc/hosts", below: root).flatMap { line -> [String] in
            let words = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" }.dropFirst().map(String.init)
            guard words.contains(name) else { return [] }
            return words.filter { $0.hasPrefix(name + ".") }.map { $0.harmless(limit: 255) }
        }
    }

    private static func lines(of path: String, below root: HostRoot) -> [String] {
        guard let bytes = try? contents(of: PathWalk(path, below: root).local, limit: 65536) else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { line in
            String(line.drop { $0 == " " || $0 == "\t" })
        }
    }
}
