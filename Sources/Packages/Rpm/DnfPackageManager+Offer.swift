import Values

/// What the repositories offer beside what is here.
extension DnfPackageManager {
    public func available(_ query: PackageQuery) throws(PackageFault) -> [AvailablePackage] {
        let here = Set(try packages().all.filter(\.state.isOnHost).map(\.name))
        let format = Known.format + "\t%{summary}"
        let names = query.name?.literal.map { ["\($0)"] } ?? []
        let text = try dnf.answer(
            ["repoquery", "--available", "--latest-limit=1", "--queryformat", format, "--"] + names)
        let found = text.split(separator: "\n").compactMap { line -> AvailablePackage? in
            let fields = line.split(separator: "\t", maxSplits: 6, omittingEmptySubsequences: false)
            guard fields.count == 7, let known = Known(fields[0..<6].joined(separator: "\t")[...]),
                !here.contains(known.name), query.name?.matches(known.name) != false
            else { return nil }
            return AvailablePackage(
                known.name, version: known.version, architecture: known.architecture,
                summary: String(fields[6]).harmless(limit: 512))
        }
        return query.order(found)
    }
}
