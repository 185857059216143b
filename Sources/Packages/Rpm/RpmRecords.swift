import Values

/// What rpm prints of installed packages in our own format: its database is a database's file, whose form is rpm's affair
/// (sqlite, ndb or Berkeley DB), while its query format is promised (rpm-queryformat(7)).
struct RpmRecords {
    static let limit = 100_000
    /// Of a summary, in bytes; the rest is cut off.
    static let summaryLimit = 512

    /// The separators of ASCII: no tag of a package that can be built holds them, and a summary may hold line ends.
    private static let record: UInt8 = 0x1E
    private static let field: UInt8 = 0x1F

    /// `%{EPOCHNUM}` is 0 where a package has no epoch.
    static let format: String = {
        let tags = [
            "%{NAME}", "%{EPOCHNUM}", "%{VERSION}", "%{RELEASE}", "%{ARCH}", "%{LONGSIZE}", "%{SUMMARY}",
            "[%{REQUIRENAME} %{REQUIREFLAGS:depflags} %{REQUIREVERSION},]",
        ]
        return "\u{1E}" + tags.joined(separator: "\u{1F}")
    }()

    struct Nonsense: Error {
        let reason: String
    }

    static func packages(_ output: [UInt8]) throws(Nonsense) -> [InstalledPackage] {
        var packages: [InstalledPackage] = []
        for record in output.split(separator: record) {
            let fields = record.split(separator: field, maxSplits: 7, omittingEmptySubsequences: false)
            guard fields.count == 8 else { throw Nonsense(reason: "a record of \(fields.count) fields") }
            let words = fields.map { String(decoding: $0, as: UTF8.self) }
            // Keys that somebody trusts are kept among the packages.
            if words[0] == "gpg-pubkey" { continue }
            guard let name = PackageName(words[0]) else {
                throw Nonsense(reason: "no usable name: \(words[0].harmless(limit: 64))")
            }
            guard let version = version(epoch: words[1], words[2], words[3]) else {
                throw Nonsense(reason: "no usable version of package \(name)")
            }
            guard packages.count < limit else { throw Nonsense(reason: "more packages than there are") }
            let summary = fields[6].split(separator: UInt8(ascii: "\n")).first ?? []
            packages.append(
                InstalledPackage(
                    name: name, version: version.description, architecture: words[4], state: .installed,
                    summary: String(decoding: summary.prefix(summaryLimit), as: UTF8.self),
                    size: UInt64(words[5]).flatMap { $0 < 1 << 60 ? Bytes($0) : nil }, needs: needs(words[7])))
        }
        return packages
    }

    /// As dnf writes it: without an epoch of 0.
    static func version(epoch: String, _ version: String, _ release: String) -> PackageVersion? {
        let prefix = epoch == "0" || epoch == "(none)" ? "" : epoch + ":"
        return PackageVersion(prefix + version + "-" + release)
    }

    /// `bash >= 5` becomes `bash (>= 5)`; what only rpm itself has to be able to do is left out.
    private static func needs(_ text: String) -> String {
        var clauses: [String] = []
        for clause in text.split(separator: ",") {
            let words = clause.split(separator: " ")
            guard let first = words.first, !first.hasPrefix("rpmlib("), !first.hasPrefix("config(") else { continue }
            let isPlain = words.count == 3 && !first.hasPrefix("(")
            clauses.append(
                isPlain ? "\(first) (\(words[1]) \(words[2]))" : words.map(String.init).joined(separator: " "))
        }
        return clauses.joined(separator: ", ")
    }
}
