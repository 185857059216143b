import Evidence
import Values

/// A certificate, key or CA file that the configuration names does not exist.
struct CertMissingRule: Rule {
    let about = RuleInfo(
        "cert-missing", .certificates,
        title: "A certificate file is missing",
        meaning: """
            A file that the TLS configuration names does not exist, so the agent can't serve. One before 1.2 ends, and \
            systemd restarts it again and again; a later one goes on running, enrolls where a manager is configured, and \
            else waits until the files are there.
            """,
        clearedBy: "All files that the configuration names exist.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        try host.accuse([.ca, .certificate, .key], cleared: "all certificate files exist") {
            file throws(Absence) in
            guard try !file.isThere else { return .good("it exists") }
            let link = file.file.known?.linkTarget.map { ", a symbolic link to '\($0.harmless(limit: 128))'," } ?? ""
            return .bad(
                Fault(
                    file.path, "The \(file.role.words) \(file.path)\(link) does not exist\(Self.outlook(host)).",
                    .blocks(.certificates), facts: [file.file.fact("no such file")] + host.statusFact))
        }
    }

    /// Where the service runs and waits: for what.
    private static func outlook(_ host: Snapshot) -> String {
        guard host.isWaiting else { return "" }
        if host.isEnrollmentUnderWay { return "; the agent runs and asks its manager for it" }
        guard let configuration = host.configuration.known else { return "; the agent runs and waits for it" }
        return configuration.managerURL == nil
            ? "; the agent runs and waits for it, as enrollment.manager_url is not set" : "; the agent runs and waits"
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? { epoch.accuses(.certMissing) }
}
