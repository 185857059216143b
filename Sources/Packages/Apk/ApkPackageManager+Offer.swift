import Values

/// What the repositories offer beside what is here.
extension ApkPackageManager {
    public func available(_ query: PackageQuery) throws(PackageFault) -> [AvailablePackage] {
        let here = Set(try packages().all.filter(\.state.isOnHost).map(\.name))
        var seen = here
        var found: [AvailablePackage] = []
        for line in try answer(["search", "--verbose"]).split(separator: "\n") {
            guard let package = ApkFound(line), query.name?.matches(package.name) != false,
                seen.insert(package.name).inserted
            else { continue }
            found.append(
                AvailablePackage(package.name, version: package.version, architecture: "", summary: package.summary))
        }
        return query.order(found)
    }
}

/// A line of `apk search --verbose`: `nginx-1.24.0-r15 - HTTP and reverse proxy server`.
struct ApkFound: Hashable {
    var name: PackageName
    var version: PackageVersion
    var summary: String

    init?(_ line: Substring) {
        let halves = line.firstRange(of: " - ")
        let title = halves.map { line[..<$0.lowerBound] } ?? line
        // A name may hold dashes; a version ends in its revision.
        let words = title.split(separator: "-", omittingEmptySubsequences: false)
        guard words.count > 2, words[words.count - 1].hasPrefix("r"),
            let name = PackageName(words.dropLast(2).joined(separator: "-")),
            let version = PackageVersion(words.suffix(2).joined(separator: "-"))
        else { return nil }
        self.name = name
        self.version = version
        summary = halves.map { String(line[$0.upperBound...]).harmless(limit: 512) } ?? ""
    }
}
