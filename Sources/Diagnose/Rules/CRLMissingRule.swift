import Evidence
import Values

/// There is no revocation list.
struct CRLMissingRule: Rule {
    let about = RuleInfo(
        "crl-missing", .certificates,
        title: "There is no revocation list",
        meaning: """
            The revocation list that the configuration names does not exist. The agent serves without it, and a client \
            whose certificate was revoked is let in.
            """,
        clearedBy: "The revocation list exists.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        // Without a word of it in the configuration nobody expects a list.
        guard try host.configuration.required.crlPath != nil else { return .notApplicable }
        return try host.accuse([.crl], cleared: "the revocation list exists") { file throws(Absence) in
            guard try !file.isThere else { return .good("it exists") }
            return .bad(
                Fault(
                    file.path, "The revocation list \(file.path) does not exist.", .threatens,
                    facts: [file.file.fact("no such file")]))
        }
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? { epoch.accuses(.crlMissing) }
}
