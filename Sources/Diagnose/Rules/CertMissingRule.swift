import Evidence

/// A certificate, key or CA file that the configuration names does not exist.
struct CertMissingRule: Rule {
    let about = RuleInfo(
        "cert-missing", .certificates,
        title: "A certificate file is missing",
        meaning: "A file that the TLS configuration names does not exist, so the agent can't start serving.",
        clearedBy: "All files that the configuration names exist.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        let certificates = try host.certificates.required
        let missing = certificates.files.filter { $0.role != .crl && $0.exists == false }
        guard !missing.isEmpty else {
            for file in certificates.files where file.role != .crl { _ = try file.file.required }
            return .pass(
                "all certificate files exist",
                certificates.files.filter { $0.exists == true }.map { $0.file.fact("\($0.path) exists") })
        }
        return .fail(
            missing.map { file in
                Fault(
                    file.path, "The \(file.role.words) \(file.path) does not exist.", .blocks(.certificates),
                    facts: [file.file.fact("\(file.path): no such file")])
            })
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? {
        let words = epoch.sample.lowercased()
        guard words.contains("certificate") || words.contains(".pem") || words.contains("key"),
            words.contains("not found") || words.contains("no such file") || words.contains("missing")
        else { return nil }
        return epoch.sample.firstPath ?? "certificates"
    }
}
