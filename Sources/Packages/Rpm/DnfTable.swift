/// The table in which dnf 4 shows what it is going to do: the only form in which it tells it without a plugin.
///
/// Read word by word and not by column: no word of a row holds a blank, and a name that is too long puts its row on two
/// lines.
struct DnfTable: Hashable {
    struct Row: Hashable {
        var name: PackageName
        var architecture: String
        var version: PackageVersion
        var repository: String
        /// Beside what is there, as kernels are; not in its place.
        var isAdded = false
    }

    /// Come in: newly, newer or older, asked for or needed by what is.
    private(set) var arriving: [Row] = []
    /// Go, asked for or not. What a newer version takes the place of is not among them.
    private(set) var leaving: [Row] = []
    /// In whose place a package of another name comes.
    private(set) var replaced: [Replaced] = []
    /// What dnf passes over, for a person: `beta.noarch 1:1.1-1`.
    private(set) var skipped: [String] = []

    struct Replaced: Hashable {
        var name: PackageName
        var architecture: String
        var version: PackageVersion
        var heir: PackageName
    }

    struct Nonsense: Error {
        let line: String
    }

    private enum Section {
        case added, changed, leaving, skipped
        /// Streams of modules and groups: they change no package by themselves, and have rows of another form.
        case passedOver
    }

    init(_ text: some StringProtocol) throws(Nonsense) {
        var section: Section?
        var isInside = false
        var words: [Substring] = []
        var isHeading = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map({ Substring($0) }) {
            if line.hasPrefix("=====") {
                // One above the heading, one below, and one that ends the table.
                if isHeading { isInside = true }
                isHeading = !isInside
                continue
            }
            if line.hasPrefix("Transaction Summary") { break }
            guard isInside, !line.allSatisfy({ $0 == " " }) else { continue }
            if !line.hasPrefix(" ") {
                guard words.isEmpty else { throw Nonsense(line: String(line)) }
                // The second line of a long title.
                if !line.hasPrefix("(") { section = try Self.section(line) }
                continue
            }
            if section == .passedOver { continue }
            let fields = line.split(separator: " ")
            if words.isEmpty, fields.first == "replacing" {
                try replace(fields, line)
                continue
            }
            words += fields
            // name, architecture, version, repository, and a size whose unit is missing for what has none.
            guard words.count >= 5 else { continue }
            guard let section else { throw Nonsense(line: String(line)) }
            try add(words, to: section, line)
            words = []
        }
        guard words.isEmpty else { throw Nonsense(line: words.joined(separator: " ")) }
    }

    private static func section(_ title: Substring) throws(Nonsense) -> Section {
        let words = title.split { $0 == " " || $0 == ":" }
        if words.contains(where: { ["module", "modules", "Groups", "groups", "group"].contains($0) }) {
            return .passedOver
        }
        switch words.first {
        case "Installing": return .added
        case "Upgrading", "Downgrading", "Reinstalling": return .changed
        case "Removing": return .leaving
        case "Skipping": return .skipped
        default: throw Nonsense(line: String(title))
        }
    }

    private mutating func replace(_ fields: [Substring], _ line: Substring) throws(Nonsense) {
        guard fields.count == 3, let dot = fields[1].lastIndex(of: "."),
            let name = PackageName(String(fields[1][..<dot])),
            let version = PackageVersion(String(fields[2]))
        else { throw Nonsense(line: String(line)) }
        // Of a package that was there twice the older one gives way to itself.
        guard let heir = arriving.last?.name, heir != name else { return }
        let architecture = String(fields[1][fields[1].index(after: dot)...])
        replaced.append(Replaced(name: name, architecture: architecture, version: version, heir: heir))
    }

    private mutating func add(_ words: [Substring], to section: Section, _ line: Substring) throws(Nonsense) {
        guard words.count <= 6, let name = PackageName(String(words[0])), let version = PackageVersion(String(words[2]))
        else { throw Nonsense(line: String(line)) }
        var row = Row(name: name, architecture: String(words[1]), version: version, repository: String(words[3]))
        row.isAdded = section == .added
        switch section {
        case .added, .changed: arriving.append(row)
        case .leaving: leaving.append(row)
        case .skipped: skipped.append("\(name).\(words[1]) \(version)")
        case .passedOver: break
        }
    }
}
