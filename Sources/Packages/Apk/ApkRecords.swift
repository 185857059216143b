import Linux
import Values

/// apk's database of what is installed: a field a line, one letter and a colon, an empty line after each package
/// (apk-package(5); `P` name, `V` version, `A` architecture, `I` size, `T` summary, `D` needs, `f` what is broken).
struct ApkRecords {
    static let limit = 100_000
    static let summaryLimit = 512

    private(set) var packages: [InstalledPackage] = []
    /// Those of which apk noted that files or scripts of them failed.
    private(set) var broken: [PackageName] = []

    struct Nonsense: Error {
        let reason: String
    }

    init(_ bytes: borrowing Span<UInt8>) throws(Nonsense) {
        var record: [UInt8: String] = [:]
        var position = 0
        while position < bytes.count {
            let end = bytes.position(of: UInt8(ascii: "\n"), from: position) ?? bytes.count
            let line = bytes.extracting(position..<end)
            position = end + 1
            if line.isEmpty {
                try add(record)
                record = [:]
                continue
            }
            guard line.count >= 2, line[1] == UInt8(ascii: ":") else {
                throw Nonsense(reason: "a line without a field")
            }
            // Directories and files, by far the most of it, are nobody's business here.
            switch line[0] {
            case UInt8(ascii: "P"), UInt8(ascii: "V"), UInt8(ascii: "A"), UInt8(ascii: "I"), UInt8(ascii: "T"),
                UInt8(ascii: "D"), UInt8(ascii: "f"):
                record[line[0]] = line.extracting(2..<min(line.count, 1 << 16)).text
            default: break
            }
        }
        try add(record)
    }

    private mutating func add(_ record: [UInt8: String]) throws(Nonsense) {
        guard !record.isEmpty else { return }
        guard let text = record[UInt8(ascii: "P")], let name = PackageName(text) else {
            throw Nonsense(reason: "no usable name: \(record[UInt8(ascii: "P")]?.harmless(limit: 64) ?? "")")
        }
        guard let version = record[UInt8(ascii: "V")].flatMap({ PackageVersion($0) }) else {
            throw Nonsense(reason: "no usable version of package \(name)")
        }
        guard packages.count < ApkRecords.limit else { throw Nonsense(reason: "more packages than there are") }
        let isBroken = record[UInt8(ascii: "f")] != nil
        if isBroken { broken.append(name) }
        let summary = record[UInt8(ascii: "T")] ?? ""
        let needs = (record[UInt8(ascii: "D")] ?? "").split(separator: " ").filter { !$0.hasPrefix("!") }.map(Self.need)
        packages.append(
            InstalledPackage(
                name: name, version: version.description, architecture: record[UInt8(ascii: "A")] ?? "",
                state: isBroken ? .halfConfigured : .installed,
                summary: String(decoding: summary.utf8.prefix(ApkRecords.summaryLimit), as: UTF8.self),
                size: record[UInt8(ascii: "I")].flatMap { UInt64($0) }.flatMap { $0 < 1 << 60 ? Bytes($0) : nil },
                needs: needs.joined(separator: ", ")))
    }

    /// `musl>=1.2` becomes `musl (>= 1.2)`; `so:libc.musl-x86_64.so.1` stays.
    private static func need(_ text: Substring) -> String {
        let relations = "<>=~"
        guard let sign = text.firstIndex(where: { relations.contains($0) }) else { return String(text) }
        let relation = text[sign...].prefix { relations.contains($0) }
        return "\(text[..<sign]) (\(relation) \(text[sign...].dropFirst(relation.count)))"
    }
}
