import Evidence
import Values

/// The revocation list is none, or not the CA's.
struct CRLInvalidRule: Rule {
    let about = RuleInfo(
        "crl-invalid", .certificates,
        title: "The revocation list is invalid",
        meaning: """
            The revocation list can't be parsed, is not signed by the CA or lies in the future. An agent that is \
            started with it refuses to serve; one that runs refuses every client.
            """,
        clearedBy: "The revocation list parses and carries the CA's signature.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        let signed = try host.tls()?.crlSignatureValid
        return try host.accuse([.crl], cleared: "the revocation list is the CA's") { file throws(Absence) in
            let usable = try file.isUsable
            guard file.exists == true else { return .skip }
            var reason = file.parseError?.harmless(limit: 160)
            if usable, let start = file.crl?.thisUpdate, host.now < start {
                reason = "it is not valid before \(start.readable)"
            } else if usable, let signed, try !signed.required {
                reason = "its signature is not the CA's"
            }
            guard let reason else { return .good("signed by the CA") }
            return .bad(
                Fault(
                    file.path, "The revocation list \(file.path) can't be used: \(reason).", .blocks(.certificates),
                    facts: [file.file.fact(reason)] + host.clockFacts))
        }
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? { epoch.accuses(.crlInvalid) }
}
