/// What `apt-cache policy NAME …` prints: for each package of exactly that name what is installed, what would be taken, and
/// all versions with where they come from.
///
///     hello:
///       Installed: (none)
///       Candidate: 2.10-3
///       Version table:
///          2.10-3 500
///             500 http://deb.debian.org/debian bookworm/main amd64 Packages
struct AptPolicy: Sendable, Hashable {
    struct Entry: Sendable, Hashable {
        var candidate: PackageVersion?
        /// In apt's order, those that only dpkg's database knows among them.
        var versions: [PackageVersion] = []
        /// Those that a repository offers.
        var offered: [PackageVersion] = []
    }

    /// By name; of several architectures the first, which is the host's own.
    private(set) var entries: [PackageName: Entry] = [:]

    init(parsing text: String) {
        var name: PackageName?
        var entry = Entry()
        var version: PackageVersion?
        func keep() {
            if let name, entries[name] == nil { entries[name] = entry }
        }
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if !line.hasPrefix(" ") {
                keep()
                entry = Entry()
                version = nil
                name = line.hasSuffix(":") ? PackageName(String(line.dropLast().prefix { $0 != ":" })) : nil
            } else if line.hasPrefix("  Candidate: "), words.count == 2 {
                entry.candidate = PackageVersion(String(words[1]))
            } else if line.hasPrefix(" *** ") || line.hasPrefix("     "), !line.hasPrefix("        ") {
                version = words.dropFirst(words.first == "***" ? 1 : 0).first.flatMap { PackageVersion(String($0)) }
                if let version { entry.versions.append(version) }
            } else if line.hasPrefix("        "), let version, words.count > 2, entry.offered.last != version {
                // dpkg's own database has a path alone: `100 /var/lib/dpkg/status`.
                entry.offered.append(version)
            }
        }
        keep()
    }
}
