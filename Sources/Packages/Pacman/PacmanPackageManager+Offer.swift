/// What the repositories offer beside what is here.
extension PacmanPackageManager {
    /// Without a description, which pacman's list does not have. Of a name in two repositories the first one counts.
    public func available(_ query: PackageQuery) throws(PackageFault) -> [AvailablePackage] {
        var seen = Set(try packages().all.filter(\.state.isOnHost).map(\.name))
        var found: [AvailablePackage] = []
        for known in try repositories() where query.name?.matches(known.name) != false {
            guard seen.insert(known.name).inserted else { continue }
            found.append(AvailablePackage(known.name, version: known.version, architecture: "", summary: ""))
        }
        return query.order(found)
    }
}
