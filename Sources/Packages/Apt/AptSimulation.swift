import Values

/// What `apt-get --simulate` prints, one line a deed:
///
///     Inst libc6 [2.36-9] (2.36-9+deb12u10 Debian:12.10/stable, Debian-Security:12/stable-security [amd64]) []
///     Remv less [590-2.1]
///     Conf libc6 (2.36-9+deb12u10 Debian:12.10/stable [amd64])
struct AptSimulation: Sendable, Hashable {
    private(set) var changes: [PackageChange] = []

    /// A removal's line does not tell the architecture: `installed` does.
    init(parsing text: String, installed: InstalledPackages) {
        for line in text.split(separator: "\n") {
            if line.hasPrefix("Inst ") {
                if let change = Self.installation(line.dropFirst(5)) { changes.append(change) }
            } else if line.hasPrefix("Remv ") || line.hasPrefix("Purg ") {
                if let change = Self.removal(line.dropFirst(5), installed) { changes.append(change) }
            }
        }
    }

    private static func installation(_ rest: Substring) -> PackageChange? {
        guard let opening = rest.firstIndex(of: "("), let closing = rest[opening...].firstIndex(of: ")") else {
            return nil
        }
        let (name, _, from) = head(rest[..<opening])
        var words = rest[rest.index(after: opening)..<closing].split(separator: " ")
        guard let name, words.count >= 2, let last = words.popLast(), last.hasPrefix("["), last.hasSuffix("]"),
            let to = PackageVersion(String(words.removeFirst()))
        else { return nil }
        let origin = words.joined(separator: " ").harmless(limit: 200)
        return PackageChange(
            name, architecture: String(last.dropFirst().dropLast()), from: from, to: to,
            origin: origin.isEmpty ? nil : origin)
    }

    private static func removal(_ rest: Substring, _ installed: InstalledPackages) -> PackageChange? {
        let (name, architecture, from) = head(rest)
        guard let name, let from else { return nil }
        let known = installed.all.filter { $0.name == name && $0.version == from.description }
        let found = known.first { $0.architecture == architecture } ?? known.first
        return PackageChange(name, architecture: architecture ?? found?.architecture ?? "", from: from, to: nil)
    }

    /// `libc6:i386 [2.36-9]`.
    private static func head(_ text: Substring) -> (PackageName?, architecture: String?, PackageVersion?) {
        let words = text.split(separator: " ")
        guard let first = words.first else { return (nil, nil, nil) }
        let parts = first.split(separator: ":", maxSplits: 1).map(String.init)
        let version = words.dropFirst().first.flatMap { word -> PackageVersion? in
            word.hasPrefix("[") && word.hasSuffix("]") ? PackageVersion(String(word.dropFirst().dropLast())) : nil
        }
        return (PackageName(parts[0]), parts.count > 1 ? parts[1] : nil, version)
    }
}
