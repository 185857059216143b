import Linux
import Values

/// A `desc` file of pacman's database: `%NAME%`, its values one a line, an empty line (libalpm's be_local.c writes it so).
enum PacmanRecords {
    static let sizeLimit = 1 << 20
    static let summaryLimit = 512

    struct Nonsense: Error {
        let reason: String
    }

    static func package(_ bytes: [UInt8]) throws(Nonsense) -> InstalledPackage {
        let fields = fields(bytes)
        guard let text = fields["NAME"]?.first, let name = PackageName(text) else {
            throw Nonsense(reason: "no usable name")
        }
        guard let version = fields["VERSION"]?.first.flatMap({ PackageVersion($0) }) else {
            throw Nonsense(reason: "no usable version of package \(name)")
        }
        let summary = fields["DESC"]?.first ?? ""
        let size = fields["SIZE"]?.first.flatMap { UInt64($0) }
        return InstalledPackage(
            name: name, version: version.description, architecture: fields["ARCH"]?.first ?? "", state: .installed,
            summary: String(decoding: summary.utf8.prefix(summaryLimit), as: UTF8.self),
            size: size.flatMap { $0 < 1 << 60 ? Bytes($0) : nil },
            needs: (fields["DEPENDS"] ?? []).map(need).joined(separator: ", "))
    }

    static func fields(_ bytes: [UInt8]) -> [String: [String]] {
        var fields: [String: [String]] = [:]
        var name: String?
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if line.isEmpty {
                name = nil
            } else if let name {
                fields[name, default: []].append(String(decoding: line, as: UTF8.self))
            } else if line.count > 2, line.first == UInt8(ascii: "%"), line.last == UInt8(ascii: "%") {
                name = String(decoding: line.dropFirst().dropLast(), as: UTF8.self)
            }
        }
        return fields
    }

    /// `glibc>=2.38` becomes `glibc (>= 2.38)`.
    private static func need(_ text: String) -> String {
        let need = PacmanNeed(text)
        return need.relation.isEmpty ? text : "\(need.name) (\(need.relation) \(need.version))"
    }
}

/// What a package needs or replaces, as pacman writes it: `alpha`, `alpha<2`.
struct PacmanNeed {
    let name: String
    /// `<`, `<=`, `=`, `>=`, `>`, or nothing.
    let relation: String
    let version: String

    init(_ text: some StringProtocol) {
        let sign = text.firstIndex { "<>=".contains($0) } ?? text.endIndex
        let relation = text[sign...].prefix { "<>=".contains($0) }
        name = String(text[..<sign])
        self.relation = String(relation)
        version = String(text[sign...].dropFirst(relation.count))
    }

    func holds(of present: String) -> Bool {
        let order = PacmanVersionOrder.compare(present, version)
        switch relation {
        case "<": return order < 0
        case "<=": return order <= 0
        case "=": return order == 0
        case ">=": return order >= 0
        case ">": return order > 0
        default: return true
        }
    }
}
