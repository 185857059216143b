import Linux
import Values

/// Where systemd looks for a unit's files (systemd.unit(5), "Unit File Load Path").
struct UnitFileSearch {
    /// In order of precedence: a file hides those of the same name further down.
    private static let directories = [
        "/etc/systemd/system.control", "/run/systemd/system.control", "/run/systemd/transient",
        "/run/systemd/generator.early", "/etc/systemd/system", "/etc/systemd/system.attached", "/run/systemd/system",
        "/run/systemd/system.attached", "/run/systemd/generator", "/usr/local/lib/systemd/system",
        "/usr/lib/systemd/system", "/lib/systemd/system", "/run/systemd/generator.late",
    ]

    /// The fragment in effect first, then those that it hides.
    private(set) var fragments: [String] = []
    /// In the order in which they are applied; those that are hidden by one of the same name are left out.
    private(set) var dropIns: [String] = []
    /// Why a directory could not be looked into, so that a unit may lie there unseen.
    private(set) var obstacle: SystemError?

    init(for unit: UnitName, under root: HostRoot) {
        var directories = Self.directories
        // Where /lib is a link to /usr/lib, both name the same files.
        if (try? FileStatus(of: root("/lib"), followingLinks: false).isSymbolicLink) == true {
            directories.removeAll { $0 == "/lib/systemd/system" }
        }
        directories.removeAll(where: root.hides)
        for directory in directories where obstacle == nil {
            do throws(SystemError) {
                _ = try FileStatus(of: root.place(directory))
            } catch {
                if !error.isNotFound { obstacle = error }
            }
        }
        let names = Self.names(of: unit.rawValue)
        fragments = directories.flatMap { directory in names.map { directory + "/" + $0 } }
            .filter { path in
                (try? root.entry(path)).flatMap { try? FileStatus(of: $0, followingLinks: false) } != nil
            }

        var byName: [String: String] = [:]
        for stem in names.flatMap(Self.dropInStems) {
            for directory in directories {
                let place = directory + "/" + stem + ".d"
                for name in root.names(in: place, limit: 256) where name.hasSuffix(".conf") && byName[name] == nil {
                    byName[name] = place + "/" + name
                }
            }
        }
        dropIns = byName.sorted { $0.key < $1.key }.map(\.value)
    }

    /// The unit, and for an instance of a template the template: `a@b.service`, `a@.service`.
    private static func names(of unit: String) -> [String] {
        guard let at = unit.firstIndex(of: "@"), let dot = unit.lastIndex(of: "."), unit.index(after: at) < dot else {
            return [unit]
        }
        return [unit, String(unit[...at] + unit[dot...])]
    }

    /// `a-b-c.service`, `a-b-.service`, `a-.service`, `service`: the most specific one first.
    private static func dropInStems(of name: String) -> [String] {
        guard let dot = name.lastIndex(of: ".") else { return [name] }
        var stems = [name]
        var prefix = name[..<dot]
        if prefix.last == "-" { prefix.removeLast() }
        while let dash = prefix.lastIndex(of: "-") {
            stems.append(String(prefix[...dash] + name[dot...]))
            prefix = prefix[..<dash]
        }
        return stems + [String(name[name.index(after: dot)...])]
    }
}
