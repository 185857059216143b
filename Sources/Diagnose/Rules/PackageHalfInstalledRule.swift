import Evidence
import Values

/// The package manager says that the agent's package is not fully installed.
struct PackageHalfInstalledRule: Rule {
    let about = RuleInfo(
        "package-half-installed", .host,
        title: "The package is not fully installed",
        meaning: """
            dpkg's record of the agent's package is not "installed": an installation or upgrade was interrupted, its \
            script failed, or the package was removed and only its configuration is left. Files or settings may be \
            missing, and the next run of apt stumbles over it.
            """,
        clearedBy: "The package manager calls the package installed, or does not know it at all.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        let package = try host.package.required
        guard let status = package.status else { return .notApplicable }
        let words = status.split(separator: " ")
        let fact = host.package.fact("\(package.name) \(package.version ?? ""): \(status)")
        // Triggers that are still to run belong to other packages.
        let isWhole = ["installed", "triggers-awaited", "triggers-pending"].contains(words.last ?? "")
        guard !isWhole || words.contains("reinstreq") else {
            return .pass("the package \(package.name) is fully installed", [fact])
        }
        if words.last == "not-installed" { return .notApplicable }
        let state =
            words.last == "config-files"
            ? "was removed, and only its configuration is left" : "is \(status.harmless(limit: 60))"
        return .fail([
            Fault(
                package.name, "The package \(package.name) \(state), says \(package.manager).",
                host.serviceSeemsUp ? .threatens : .worsens, facts: [fact])
        ])
    }
}
