import Evidence
import Values

/// A certificate file holds nothing that the agent can use.
struct CertUnparsableRule: Rule {
    let about = RuleInfo(
        "cert-unparsable", .certificates,
        title: "A certificate file can't be used",
        meaning: """
            A certificate file is no valid PEM or DER, is empty, or is a private key that needs a passphrase which \
            nobody can type for a service.
            """,
        clearedBy: "All certificate files hold what they should.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        try host.accuse([.ca, .certificate, .key], cleared: "all certificate files can be parsed") {
            file throws(Absence) in
            let usable = try file.isUsable
            guard let stat = file.file.known, stat.exists else { return .skip }
            if usable, file.key?.encrypted != true { return .good("parsed, \(stat.size) bytes") }
            let reason = file.parseError?.harmless(limit: 160) ?? "it is encrypted, and the service has no passphrase"
            return .bad(
                Fault(
                    file.path, "The \(file.role.words) \(file.path) can't be used: \(reason).", .blocks(.certificates),
                    facts: [file.file.fact("\(stat.size) bytes, \(reason)")]))
        }
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? { epoch.accuses(.certUnparsable) }
}
