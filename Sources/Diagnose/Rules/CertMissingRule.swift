import Evidence
import Values

/// A certificate, key or CA file that the configuration names does not exist.
struct CertMissingRule: Rule {
    let about = RuleInfo(
        "cert-missing", .certificates,
        title: "A certificate file is missing",
        meaning: "A file that the TLS configuration names does not exist, so the agent can't start serving.",
        clearedBy: "All files that the configuration names exist.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        try host.accuse([.ca, .certificate, .key], cleared: "all certificate files exist") {
            file throws(Absence) in
            guard try !file.isThere else { return .good("it exists") }
            let link = file.file.known?.linkTarget.map { ", a symbolic link to '\($0.harmless(limit: 128))'," } ?? ""
            return .bad(
                Fault(
                    file.path, "The \(file.role.words) \(file.path)\(link) does not exist.", .blocks(.certificates),
                    facts: [file.file.fact("no such file")]))
        }
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? { epoch.accuses(.certMissing) }
}
